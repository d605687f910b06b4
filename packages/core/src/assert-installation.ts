import { UserError } from './errors.ts';

/**
 * Yarn's Plug'n'Play puts a file system and a module loader of its own in place of Node's: files cannot be flushed to the
 * disk there, and recipes and models that are named are not found. A training would end with its last step.
 * @throws {UserError} `installation-unsupported`
 */
export function assertInstallation(versions: Readonly<Record<string, string | undefined>> = process.versions): void {
  if (versions.pnp === undefined) return;
  throw new UserError({
    code: 'installation-unsupported',
    problem: "Counterweight does not run under Yarn's Plug'n'Play.",
    where: '.pnp.cjs',
    fix: 'Write "nodeLinker: node-modules" into .yarnrc.yml, and run yarn install.',
  });
}

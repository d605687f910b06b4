import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unavailable } from './hub-error.ts';

/** A package of a scope, which no hub id and hardly a folder looks like. */
export const isPackageName = (reference: string): boolean => /^@[a-z0-9][\w.-]*\/[a-z0-9][\w.-]*$/.test(reference);

/**
 * The folder in which a package is installed, for this working directory or one above it: such as
 * `@counterweight/stories260k`, a model that npm brings.
 * @throws {UserError} `model-unavailable` where it is not installed
 */
export function packagedModel(name: string, from = process.cwd()): string {
  const folder = installedFolder(name, from);
  if (folder !== undefined) return folder;
  throw unavailable(
    from,
    `The package "${name}" is not installed here, and there is no folder of that name.`,
    `Install it (npm install ${name}), or give a model's folder or hub id: org/name.`,
  );
}

/** Not by Node's own way, which gives pnpm's folder with the version in its path: a run would lose its model with an update. */
function installedFolder(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(from);
  return above === from ? undefined : installedFolder(name, above);
}

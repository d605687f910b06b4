import { execFile } from 'node:child_process';
import { UserError } from '@counterweight/core/files';
import { Unreachable } from './executor.ts';

/** A scheduler's own program, which may have to wait for a scheduler that is busy. */
const PATIENCE_MS = 120_000;

/**
 * Runs a program of a scheduler. @returns its standard output
 * @param isPassing tells from what it wrote to standard error whether asking later may help
 * @throws {UserError} `launcher-unavailable` where it is not installed, `launcher-refused` where it refused
 * @throws {Unreachable}
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { isPassing, input }: { readonly isPassing: (errors: string) => boolean; readonly input?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: PATIENCE_MS, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      if (error.code === 'ENOENT') return reject(missing(program));
      const said = stderr.trim() || error.message;
      if (error.killed || isPassing(said)) return reject(new Unreachable(`${program}: ${said}`));
      reject(
        new UserError({
          code: 'launcher-refused',
          problem: said.split('\n')[0] ?? said,
          where: [program, ...args].join(' '),
          fix: `See what ${program} says of it, and change the options of the launch.`,
        }),
      );
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

const missing = (program: string): UserError =>
  new UserError({
    code: 'launcher-unavailable',
    problem: `There is no ${program} here.`,
    where: 'PATH',
    fix: 'Launch from a machine that can submit to the cluster; or write the manifest with counterweight sweep print.',
  });

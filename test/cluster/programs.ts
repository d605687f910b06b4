import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const isOnPath = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) => existsSync(join(folder, program)));

/** Whether programs are here; where one is not, Debian's packages are installed, if that may be done. */
export const hasPrograms = (programs: readonly string[], packages: readonly string[]): boolean =>
  isHereOrInstalled(() => programs.every(isOnPath), packages);

/** The same of a library that a program opens by its name. */
export const hasLibrary = (name: string, packages: readonly string[]): boolean =>
  isHereOrInstalled(
    () => spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout?.includes(`\t${name} `),
    packages,
  );

function isHereOrInstalled(isHere: () => boolean, packages: readonly string[]): boolean {
  if (isHere()) return true;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return false;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-qq', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
  return isHere();
}

/** What a program prints; empty where it fails. Slurm's wait a minute for a controller that is away. */
export function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const answer = promisify(execFile)(program, args, { env: { ...process.env, ...env } });
  return answer.then(
    ({ stdout }) => stdout,
    () => '',
  );
}

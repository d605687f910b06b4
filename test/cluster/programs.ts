import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const isOnPath = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) => existsSync(join(folder, program)));

/** Whether programs are here; where one is not, Debian's packages are installed, if that may be done. */
export function hasPrograms(programs: readonly string[], packages: readonly string[]): boolean {
  if (programs.every(isOnPath)) return true;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return false;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-qq', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
  return programs.every(isOnPath);
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

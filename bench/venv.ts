import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const onWindows = process.platform === 'win32';

/** Where an environment lies, and the file of the pinned packages in it. */
interface Environment {
  readonly folder: string;
  readonly requirementsFile: string;
}

const OF_BENCH: Environment = {
  folder: join(here, '.venv'),
  requirementsFile: join(here, '../test/reference/requirements.txt'),
};

/**
 * The Python of `bench/.venv`, or of another environment, which is made on first use, and again when the pinned
 * requirements change. Progress goes to standard error.
 * @throws {Error} when Python is missing or an installation fails.
 */
export function ensureVenv({ folder, requirementsFile }: Environment = OF_BENCH): string {
  const python = join(folder, onWindows ? 'Scripts/python.exe' : 'bin/python');
  // Written last, so that a half-made environment is never taken for a whole one.
  const stamp = join(folder, 'requirements.installed.txt');
  const requirements = readFileSync(requirementsFile, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return python;

  console.error(`Making ${folder} with: ${requirements.trim().split('\n').join(', ')}`);
  rmSync(folder, { recursive: true, force: true });
  run(onWindows ? 'python' : 'python3', ['-m', 'venv', folder], 'Python 3.11 or newer with its venv module is needed.');
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirementsFile], 'Can pip reach its package index?');
  writeFileSync(stamp, requirements);
  return python;
}

/** The same with another package, `name==version`, which one scenario alone needs. */
export function ensurePackage(requirement: string): string {
  const python = ensureVenv();
  const [name = '', version = ''] = requirement.split('==');
  const asked = spawnSync(python, ['-c', `import importlib.metadata as m; print(m.version('${name}'))`]);
  if (`${asked.stdout}`.trim() === version) return python;
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', requirement], 'Can pip reach its package index?');
  return python;
}

function run(command: string, args: string[], hint: string): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', process.stderr.fd, process.stderr.fd] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed. ${hint}`, { cause: error });
}

if (import.meta.main) console.log(ensureVenv());

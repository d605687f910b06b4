import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hasPrograms } from '../cluster/programs.ts';

/** Whether there is an mpirun; where there is none, Debian's is installed, if that may be done. */
export const hasOpenMpi = (): boolean => hasPrograms(['mpirun'], ['openmpi-bin']);

/** Tests may be root, as in a container, and have fewer processors than workers. */
export const MPI_ENVIRONMENT = { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' } as const;

const program = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** A Node program's words, and those of the command line's own. */
export const node = (file: string, ...args: readonly string[]) => [process.execPath, '--no-warnings', file, ...args];
export const counterweight = (...args: readonly string[]) => node(program, ...args);

/** How a command ended, and what it said. */
export interface Ended {
  /** The exit code, or the signal's name. */
  readonly status: number | string;
  readonly out: string;
  readonly errors: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function start([command = '', ...args]: readonly string[], options: SpawnOptions = {}): Running {
  const env = { ...process.env, ...MPI_ENVIRONMENT, NO_COLOR: '1', COUNTERWEIGHT_THREADS: '1' };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let [out, errors] = ['', ''];
  child.stdout?.on('data', (text) => (out += text));
  child.stderr?.on('data', (text) => (errors += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ status: signal ?? code ?? '', out, errors }));
  });
  return { child, ended };
}

/** The same program as so many workers, on however many processors there are. */
export const mpirun = (workers: number, command: readonly string[]): string[] => [
  ...['mpirun', '--oversubscribe', '--bind-to', 'none', '-n', String(workers)],
  ...command,
];

/** The process of a worker that an mpirun started. @throws {Error} where there is none */
export function pidOfWorker(launcher: number, rank: number): number {
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const parent = /^PPid:\s*(\d+)/m.exec(textOf(`/proc/${name}/status`))?.[1];
    if (Number(parent) !== launcher) continue;
    if (textOf(`/proc/${name}/environ`).split('\0').includes(`OMPI_COMM_WORLD_RANK=${rank}`)) return Number(name);
  }
  throw new Error(`mpirun has no worker ${rank}`);
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

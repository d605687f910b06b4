import { readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { openAddonDoor } from '../engine/native/addon-door.ts';
import type { MpiDoor } from '../engine/native/door.ts';
import { findEnginePackage } from '../engine/native/find-package.ts';
import { useThreads } from '../engine/native/load.ts';
import { UserError } from '../errors.ts';
import { ALONE, type Communicator } from '../training/communicator.ts';
import { launchedBy } from './launched.ts';
import { mpiCommunicator } from './mpi-communicator.ts';

/** Which of the workers that train together this process is. */
export interface WorkerPlace {
  /** From 0, which is the one that writes. */
  readonly rank: number;
  readonly size: number;
  /** How many of them are on this machine. */
  readonly onThisMachine: number;
}

/** The workers of this run, as this process sees them. */
export interface Workers extends Communicator, WorkerPlace {
  /** From here on, a process that ends takes the others with it: they would wait for it for ever. */
  enter(): void;
  /** All have come to the end of what they did together; each may leave in peace. */
  leave(): Promise<void>;
}

const BY_ITSELF: Workers = { ...ALONE, onThisMachine: 1, enter() {}, async leave() {} };

/** Open MPI's library by its name since version 3; the others are looked for to say what was found. */
const LIBRARIES = ['libmpi.so.40', 'libmpi.40.dylib', 'libmpi.so', 'libmpi.so.12', 'libmpi.dylib'];

let opened: Workers | undefined;

/**
 * Joins the workers that a launcher started beside this process; each of them calls it with the same number. Without a
 * number of threads (`useThreads`, `COUNTERWEIGHT_THREADS`) they share the processors of their machine.
 *
 * @throws {UserError} `option-invalid` where the process was not started as one of so many, `engine-unavailable` where
 *   Open MPI or our own engine can't be had
 * @example
 * ```ts
 * import { openWorkers } from '@counterweight/core';
 *
 * const { rank } = await openWorkers(2); // in both processes of `mpirun -n 2 node train.ts`
 * if (rank === 0) console.log('I write.');
 * ```
 */
export const openWorkers = (count = 1): Promise<WorkerPlace> => joinWorkers(count);

/** The same, with what they say to each other: tensors too, which the types of the package say nothing of. */
export async function joinWorkers(count = 1): Promise<Workers> {
  if (count === 1) return BY_ITSELF;
  const launch = launchedBy(process.env);
  if (!launch) throw notLaunched(count);
  opened ??= await join();
  if (opened.size !== count) throw otherNumber(count, opened.size, launch.by);
  return opened;
}

async function join(): Promise<Workers> {
  const mpi = loadMpi();
  const { rank, size } = openLibrary(mpi);
  let isInside = true;
  process.once('exit', (code) => (isInside ? mpi.abort(code || 1) : mpi.close()));
  const workers = mpiCommunicator(mpi, { rank, size });
  const all = await workers.exchange({ host: hostname(), processors: ownProcessors() });
  const own = all[rank];
  const beside = all.filter(({ host }) => host === own?.host);
  const sharing = beside.filter(({ processors }) => processors === own?.processors).length;
  if (!process.env.COUNTERWEIGHT_THREADS) useThreads(Math.max(1, Math.floor(availableParallelism() / sharing)));
  return {
    ...workers,
    onThisMachine: beside.length,
    enter() {
      isInside = true;
    },
    async leave() {
      // Whoever is done sleeps here: the end of MPI would keep its processor busy until all are there.
      await workers.exchange(undefined);
      isInside = false;
    },
  };
}

/** Which processors this process may use: launchers bind workers to some. Nothing where the system does not say. */
function ownProcessors(): string {
  try {
    return /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function loadMpi(): MpiDoor {
  const found = findEnginePackage('addon');
  const door = 'reason' in found ? undefined : openAddonDoor(found.files[0] as string);
  if (door?.mpi) return door.mpi;
  throw new UserError({
    code: 'engine-unavailable',
    problem: `Workers need our own native engine on Linux or macOS${'reason' in found ? `, and ${found.reason}` : ''}.`,
    where: 'option workers',
    fix: 'Train in one process: leave workers out.',
  });
}

function openLibrary(mpi: MpiDoor): ReturnType<MpiDoor['open']> {
  const { COUNTERWEIGHT_MPI: named } = process.env;
  const problems: string[] = [];
  for (const library of named ? [named] : LIBRARIES) {
    try {
      return mpi.open(library);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  // What was found and is another MPI says more than what was not found.
  const problem = problems.find((one) => one.includes('not Open MPI')) ?? problems[0];
  throw new UserError({
    code: 'engine-unavailable',
    problem: `Workers speak through Open MPI (version 4 or 5), which was not found: ${problem}.`,
    where: named ? 'environment variable COUNTERWEIGHT_MPI' : 'option workers',
    fix: 'Install it on every machine (Debian and Ubuntu: apt-get install openmpi-bin), or name its libmpi.so in COUNTERWEIGHT_MPI.',
  });
}

const notLaunched = (count: number): UserError =>
  new UserError({
    code: 'option-invalid',
    problem: `This process was started by itself, and not as one of ${count} workers.`,
    where: 'option workers',
    fix: `Put a launcher before the same command: mpirun -n ${count} counterweight train … (in Slurm: srun --mpi=pmix -n ${count}).`,
  });

const otherNumber = (count: number, launched: number, by: string): UserError =>
  new UserError({
    code: 'option-invalid',
    problem:
      launched === 1
        ? `${count} workers are wanted, but ${by} started this process without the others.`
        : `${count} workers are wanted, but ${launched} were started.`,
    where: 'option workers',
    fix:
      launched === 1 && by === 'srun'
        ? `Start them with srun --mpi=pmix -n ${count}: without PMIx each is by itself.`
        : `Start as many as are wanted: ${by} -n ${count}, or option workers ${launched}.`,
  });

import { join, resolve } from 'node:path';
import { explainWriteError, type FileLock, makeFolder, tryLock, UserError } from '@counterweight/core/files';
import { openClock } from './clock.ts';
import type { JobRequest, JobState } from './job.ts';
import { createJobFolder, readJobs } from './job-folder.ts';
import { assertFreeOutput, newJob } from './new-job.ts';
import { openScheduler } from './scheduler.ts';
import { type TrackedJob, trackJob } from './tracked-job.ts';
import { takeTurns } from './turns.ts';
import { grant, type Wish } from './wishes.ts';

export interface Jobs {
  /** Newest first; those that were removed too. */
  list(): Promise<readonly JobState[]>;
  get(id: string): Promise<JobState | undefined>;
  /** Puts a job into the queue. When it is said to be there, it is on the disk. */
  add(request: JobRequest): Promise<JobState>;
  /** Of what is queued or running; elsewhere it changes nothing, nor does asking twice. */
  pause(id: string): Promise<JobState>;
  /** Puts what is paused, stopped, interrupted or failed into the queue again; elsewhere it changes nothing. */
  resume(id: string): Promise<JobState>;
  /** Of what is queued, running or paused; elsewhere it changes nothing. */
  stop(id: string): Promise<JobState>;
  /** Of what neither moves nor is done: it is not shown any more. What it has written stays where it is. */
  remove(id: string): Promise<JobState>;
  /** Called when a job's status or progress has changed, about once a second. @returns ends it */
  onChange(listener: (id: string) => void): () => void;
  /** Leaves what is running alone: it is found again. */
  close(): Promise<void>;
}

export interface JobsOptions {
  /** The studio's own; it is made where it is not there. */
  readonly folder: string;
  /** The command line: Node, its flags, and the module, as in `[process.execPath, '--no-warnings', '/…/main.js']`. */
  readonly program: readonly string[];
  /** As in `Job`. Default: the working directory of the process. */
  readonly cwd?: string;
  /** Trainings and sweeps at once. Exports start at once. Default: 1. */
  readonly concurrency?: number;
}

/**
 * The jobs of a studio: processes of their own, which outlive it, and a queue. What there is to know lies on the disk, so that a
 * studio that was killed finds everything again.
 * @throws {UserError} `studio-in-use` where another process has the folder open
 * @example
 * ```ts
 * import { openJobs } from '@counterweight/studio';
 *
 * const jobs = await openJobs({ folder: '/somewhere/studio', program: [process.execPath, '/somewhere/cli/main.js'] });
 * const options = { model: 'org/name', data: ['/somewhere/rows.csv'] };
 * const { id } = await jobs.add({ kind: 'train', options, output: '/somewhere/runs/first' });
 * jobs.onChange(async () => console.log((await jobs.get(id))?.progress));
 * ```
 */
export async function openJobs({ folder, program, cwd = process.cwd(), concurrency = 1 }: JobsOptions): Promise<Jobs> {
  const place = join(resolve(folder), 'jobs');
  const lock = await claim(resolve(folder));
  const jobs = await findJobs(place).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const states = () => [...jobs.values()].map((job) => job.state());
  const clock = openClock(states().map(({ createdAt }) => createdAt));
  const inTurn = takeTurns();
  const listeners = new Set<(id: string) => void>();
  const tell = (id: string) => {
    for (const listener of listeners) listener(id);
  };
  const scheduler = openScheduler(jobs, { program, concurrency, inTurn, tell });

  const add = async (request: JobRequest): Promise<JobState> => {
    await assertFreeOutput(request, states());
    const job = newJob(request, clock(), cwd);
    const home = join(place, job.id);
    await createJobFolder(home, job).catch((error: unknown) => {
      throw explainWriteError(error, home, 'folder for the studio');
    });
    const tracked = await trackJob(home, job);
    jobs.set(job.id, tracked);
    tell(job.id);
    scheduler.lookAround();
    return tracked.state();
  };
  const ask = async (id: string, wish: Wish): Promise<JobState> => {
    const tracked = jobs.get(id);
    if (!tracked) throw noJob(id, place);
    await tracked.look();
    const granted = grant(wish, tracked.job(), tracked.state().status, clock());
    if (granted !== tracked.job()) {
      await tracked.change(granted);
      await tracked.look();
    }
    tell(id);
    scheduler.lookAround();
    return tracked.state();
  };
  return {
    list: async () => states().sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1)),
    get: async (id) => jobs.get(id)?.state(),
    add: (request) => inTurn(() => add(request)),
    pause: (id) => inTurn(() => ask(id, 'pause')),
    resume: (id) => inTurn(() => ask(id, 'resume')),
    stop: (id) => inTurn(() => ask(id, 'stop')),
    remove: (id) => inTurn(() => ask(id, 'remove')),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      scheduler.close();
      await inTurn(() => lock.release());
    },
  };
}

/** Those of earlier studios, by id: what runs, what waits, what has ended. */
async function findJobs(place: string): Promise<Map<string, TrackedJob>> {
  const jobs = new Map<string, TrackedJob>();
  for (const job of await readJobs(place)) jobs.set(job.id, await trackJob(join(place, job.id), job));
  return jobs;
}

/** One studio at a time decides what is started. */
async function claim(folder: string): Promise<FileLock> {
  await makeFolder(folder);
  const lock = await tryLock(join(folder, '.lock'));
  if (!('heldBy' in lock)) return lock;
  const { pid, host } = lock.heldBy;
  throw new UserError({
    code: 'studio-in-use',
    problem: `Another studio has this folder open: process ${pid} on ${host}.`,
    where: folder,
    fix: 'Use that one, end it, or choose another folder.',
  });
}

const noJob = (id: string, where: string): UserError =>
  new UserError({
    code: 'option-invalid',
    problem: `There is no job "${id}".`,
    where,
    fix: 'Name one that is there.',
  });

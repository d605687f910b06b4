import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder, UserError } from '@counterweight/core/files';
import type { Job } from './executor.ts';
import type { JobRecord, LaunchRecord } from './launch-record.ts';
import type { LaunchedSweep } from './launched-sweep.ts';

/** The launches of a sweep, which one process at a time has. */
export interface Launches {
  /** Those of the launch that is going on. */
  readonly jobs: readonly Job[];
  /** Writes down a job that is going to be submitted. */
  add(job: Omit<Job, 'id' | 'folder' | 'isShared' | 'notes'>): Promise<Job>;
  /** Ends this launch: what it tried does not count for the next. */
  end(): Promise<void>;
  release(): Promise<void>;
}

/**
 * @param executor the name of the one that is to go on with what was submitted
 * @throws {UserError} `output-in-use` where another launcher is at the sweep, or another executor has jobs of it
 */
export async function openLaunches(sweep: LaunchedSweep, executor: string): Promise<Launches> {
  const lease = await sweep.takeLaunches();
  if ('heldBy' in lease) {
    const { pid, host } = lease.heldBy;
    throw new UserError({
      code: 'output-in-use',
      problem: `Another launcher is at this sweep: process ${pid} on ${host}.`,
      where: sweep.name,
      fix: 'Let it go on, or end it: what it has submitted runs on, and is found again.',
    });
  }
  const now = (): LaunchRecord => lease.progress ?? { jobs: [], past: 0 };
  // One change after the other: each is made of what the one before has written.
  let last: Promise<void> = Promise.resolve();
  const change = (changed: (record: LaunchRecord) => LaunchRecord): Promise<void> => {
    const turn = last.then(() => lease.write(changed(now())));
    last = turn.catch(() => {});
    return turn;
  };
  const note = (id: string, name: string, text: string) =>
    change(({ jobs, past }) => ({
      past,
      jobs: jobs.map((job) => (job.id === id ? { ...job, notes: { ...job.notes, [name]: text } } : job)),
    }));
  const open = async ({ notes: _, executor: __, ...job }: JobRecord): Promise<Job> => {
    // A sweep may have been moved since, or lie where it is another folder on each machine.
    const folder = join(sweep.folder, 'launch', job.id);
    await makeFolder(folder);
    const notes = () => now().jobs.find(({ id }) => id === job.id)?.notes ?? {};
    return {
      ...job,
      folder,
      isShared: sweep.isShared,
      notes: { read: (name) => notes()[name], write: (name, text) => note(job.id, name, text) },
    };
  };
  try {
    const { jobs: recorded, past } = now();
    const other = recorded.slice(past).find((job) => job.executor !== executor);
    if (other) throw launchedOtherwise(sweep, other);
    const jobs: Job[] = [];
    for (const job of recorded.slice(past)) jobs.push(await open(job));
    return {
      jobs,
      async add(asked) {
        const job = { ...asked, executor, id: `counterweight-${randomUUID().slice(0, 8)}`, notes: {} };
        const opened = await open(job);
        await change((record) => ({ ...record, jobs: [...record.jobs, job] }));
        jobs.push(opened);
        return opened;
      },
      end: () => change((record) => ({ ...record, past: record.jobs.length })),
      release: lease.release,
    };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

const launchedOtherwise = ({ name }: LaunchedSweep, { executor }: JobRecord): UserError =>
  new UserError({
    code: 'output-in-use',
    problem: `This sweep was launched with ${executor}, and that launch has not come to its end.`,
    where: name,
    fix: `Go on with it: --launch ${executor}; or end it first: counterweight sweep cancel ${name} --launch ${executor}.`,
  });

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder, tryLock, UserError, writeFileDurably } from '@counterweight/core/files';
import type { Job } from './executor.ts';

/**
 * `SWEEP/launch`: a folder for each job that was ever submitted, `001`, `002` and so on, in which job.json is written before
 * anybody is asked for it. It is all that a launcher knows.
 */
export interface LaunchFolder {
  readonly jobs: readonly LaunchedJob[];
  /** Writes down a job that is going to be submitted. */
  add(job: Omit<Job, 'id' | 'folder'>): Promise<LaunchedJob>;
  /** Ends this launch: what it tried does not count for the next. */
  end(): Promise<void>;
  release(): Promise<void>;
}

export interface LaunchedJob extends Job {
  /** Of an earlier launch, which came to its end. */
  readonly isPast: boolean;
}

const [JOB, ENDED, LOCK] = ['job.json', 'ended', '.lock'];

/** @throws {UserError} `output-in-use` where another launcher is at the sweep */
export async function openLaunchFolder(sweep: string): Promise<LaunchFolder> {
  const folder = join(resolve(sweep), 'launch');
  await makeFolder(folder);
  const lock = await tryLock(join(folder, LOCK));
  if ('heldBy' in lock) {
    const { pid, host } = lock.heldBy;
    throw new UserError({
      code: 'output-in-use',
      problem: `Another launcher is at this sweep: process ${pid} on ${host}.`,
      where: folder,
      fix: 'Let it go on, or end it: what it has submitted runs on, and is found again.',
    });
  }
  const jobs = await readJobs(folder);
  return {
    jobs,
    async add(job) {
      const own = join(folder, String(jobs.length + 1).padStart(3, '0'));
      await makeFolder(own);
      const launched = { ...job, id: `counterweight-${randomUUID().slice(0, 8)}`, folder: own, isPast: false };
      await writeFileDurably(join(own, JOB), `${JSON.stringify(launched)}\n`);
      jobs.push(launched);
      return launched;
    },
    async end() {
      const last = jobs.at(-1);
      if (last) await writeFileDurably(join(last.folder, ENDED), '');
    },
    release: lock.release,
  };
}

/** Jobs of a sweep, the first one first. A folder without its job.json is of one that nobody was asked for. */
async function readJobs(folder: string): Promise<LaunchedJob[]> {
  const jobs: LaunchedJob[] = [];
  for (const name of (await readdir(folder)).filter((one) => /^\d+$/.test(one)).sort()) {
    const own = join(folder, name);
    const text = await readFile(join(own, JOB), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    // A sweep may have been moved since.
    jobs.push({ ...(JSON.parse(text) as Job), folder: own, isPast: false });
  }
  const ends = jobs.map(({ folder: own }) => existsSync(join(own, ENDED)));
  return jobs.map((job, index) => ({ ...job, isPast: index <= ends.lastIndexOf(true) }));
}

import { readdir } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { UserError } from '@counterweight/core/files';
import type { Job, JobRequest, JobState } from './job.ts';

/**
 * The job that is asked for, in the queue.
 * @param at ISO 8601, UTC; of no other job
 * @param cwd as in `Job`
 */
export const newJob = ({ kind, options, output }: JobRequest, at: string, cwd: string): Job => ({
  kind,
  // As a file holds it.
  options: JSON.parse(JSON.stringify(options)) as Job['options'],
  output,
  id: `${kind}-${wordOf(output)}-${at.replaceAll(/\D/g, '')}`,
  createdAt: at,
  queuedAt: at,
  cwd,
  wanted: 'run',
  attempt: 1,
});

const wordOf = (output: string): string =>
  basename(output)
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-|-$/g, '') || 'job';

/**
 * What a job writes is its own: nothing is there, and no other job may still write there.
 * @throws {UserError} `option-invalid` where the place is not absolute, `output-in-use` where it is taken
 */
export async function assertFreeOutput({ output }: JobRequest, jobs: readonly JobState[]): Promise<void> {
  if (!isAbsolute(output)) {
    const problem = 'The place of a job is a path from the root.';
    throw new UserError({ code: 'option-invalid', problem, where: output, fix: 'Give an absolute path.' });
  }
  // What a job that is done wrote may have been thrown away since.
  const isTaken = jobs.some((job) => job.output === output && job.status !== 'done' && job.status !== 'removed');
  const problem = isTaken ? `There is another "${basename(output)}".` : await whatLiesAt(output);
  if (problem === undefined) return;
  throw new UserError({ code: 'output-in-use', problem, where: output, fix: 'Choose another name.' });
}

async function whatLiesAt(output: string): Promise<string | undefined> {
  try {
    return (await readdir(output)).length > 0 ? 'The folder is not empty.' : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') return 'There is a file in the place of the result.';
    throw error;
  }
}

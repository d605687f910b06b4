import { isDeepStrictEqual } from 'node:util';
import { readSweep } from '@counterweight/core';
import { lockHolder } from '@counterweight/core/files';
import type { Job, JobError, JobState, Start } from './job.ts';
import { filesOf, readStart, writeJob } from './job-folder.ts';
import { hasProcess, judge, type Verdict } from './job-status.ts';
import { openLineReader } from './new-lines.ts';
import { readOutcome } from './outcome.ts';
import { openProgressMeter } from './progress.ts';

/** A job and what is known of it. */
export interface TrackedJob {
  readonly folder: string;
  job(): Job;
  state(): JobState;
  /** Looks at what its process has left. @returns whether its state is another then */
  look(): Promise<boolean>;
  /** Writes the job anew, before anything else may rely on it. */
  change(job: Job): Promise<void>;
  /** The process of an attempt has ended before it began. */
  failedToBegin(attempt: number, error: JobError): void;
}

export async function trackJob(folder: string, first: Job): Promise<TrackedJob> {
  const files = filesOf(folder);
  const newLines = openLineReader(files.events);
  const meter = openProgressMeter();
  let job = first;
  let start: Start | undefined;
  let trials: JobState['trials'];
  let verdict: Verdict = { status: 'queued' };
  let failure: { readonly attempt: number; readonly error: JobError } | undefined;

  const state = (): JobState => {
    const { evaluating, ...steps } = meter.progress() ?? {};
    const isEvaluating = evaluating && hasProcess(verdict.status);
    return {
      ...job,
      ...verdict,
      ...(start && { startedAt: start.at }),
      ...(trials && { trials }),
      ...('step' in steps && { progress: isEvaluating ? { ...steps, evaluating } : steps }),
    };
  };
  const look = async (): Promise<boolean> => {
    const before = state();
    // In this order: what has begun and is held by nobody has ended, and has said by then what it came to.
    start = await readStart(folder);
    const isHeld = (await lockHolder(files.lock)) !== undefined;
    const outcome = isHeld ? undefined : await readOutcome(files.out);
    const launchError = failure?.attempt === job.attempt ? failure.error : undefined;
    if (job.kind === 'train') for (const line of await newLines()) meter.read(line);
    if (job.kind === 'sweep') trials = await trialsOf(job);
    verdict = judge(job, { begun: start?.attempt, isHeld, outcome, launchError });
    return !isDeepStrictEqual(before, state());
  };
  await look();
  return {
    folder,
    job: () => job,
    state,
    look,
    async change(to) {
      await writeJob(folder, to);
      job = to;
    },
    failedToBegin(attempt, error) {
      failure = { attempt, error };
    },
  };
}

/** Undefined before the sweep is planned. */
async function trialsOf({ output }: Job): Promise<JobState['trials']> {
  const sweep = await readSweep(output).catch(() => undefined);
  if (!sweep) return undefined;
  const ended = sweep.done.length + sweep.failed.length;
  return { ended, of: ended + sweep.open.length };
}

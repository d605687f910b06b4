import type { Job, JobError, JobStatus } from './job.ts';

/** What the command came to, by the last line of its output. */
export type Outcome = { readonly result: Readonly<Record<string, unknown>> } | { readonly error: JobError };

/** All that a job's status follows from. */
export interface JobFacts {
  /** The last attempt that has begun; undefined where none has. */
  readonly begun: number | undefined;
  /** Whether a process that lives holds the job's lock. */
  readonly isHeld: boolean;
  /** Of the last attempt that has begun; undefined where it has not said anything. */
  readonly outcome: Outcome | undefined;
  /** Its process ended before it began. */
  readonly launchError: JobError | undefined;
}

export interface Verdict {
  readonly status: JobStatus;
  /** Of `done`. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Of `failed`. */
  readonly error?: JobError;
}

const WHILE_HELD = { run: 'running', pause: 'pausing', stop: 'stopping', remove: 'stopping' } as const;
const BEFORE_IT_BEGINS = { run: 'queued', pause: 'paused', stop: 'stopped', remove: 'removed' } as const;
const CUT_SHORT = { run: 'interrupted', pause: 'paused', stop: 'stopped', remove: 'removed' } as const;

/** What has become of a job. What is done is done, also where a pause came too late. */
export function judge(
  { wanted, attempt }: Pick<Job, 'wanted' | 'attempt'>,
  { begun, isHeld, outcome, launchError }: JobFacts,
): Verdict {
  if (isHeld) return { status: WHILE_HELD[wanted] };
  if (outcome && 'result' in outcome) return { status: 'done', result: outcome.result };
  if (wanted === 'remove') return { status: 'removed' };
  if (begun !== attempt) {
    return launchError && wanted === 'run'
      ? { status: 'failed', error: launchError }
      : { status: BEFORE_IT_BEGINS[wanted] };
  }
  if (outcome && outcome.error.code !== 'interrupted') return { status: 'failed', error: outcome.error };
  return { status: CUT_SHORT[wanted] };
}

const MOVING: ReadonlySet<JobStatus> = new Set(['queued', 'running', 'pausing', 'stopping']);

/** Whether its status may change without anybody asking. */
export const isMoving = (status: JobStatus): boolean => MOVING.has(status);

const HAS_PROCESS: ReadonlySet<JobStatus> = new Set(['running', 'pausing', 'stopping']);

/** Whether it has a process. */
export const hasProcess = (status: JobStatus): boolean => HAS_PROCESS.has(status);

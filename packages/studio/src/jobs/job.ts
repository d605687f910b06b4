import type { EvaluationPart } from '@counterweight/core';

/** What the studio has the command line do, each in a process of its own. */
export type JobKind = 'train' | 'sweep' | 'export';

export interface JobRequest {
  readonly kind: JobKind;
  /** What the command is given, by the names of its options in camelCase, without `output`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the command writes: the folder of the run, the sweep or the export, or its file. Absolute, and not there yet. */
  readonly output: string;
}

/** job.json. Only the studio writes it. */
export interface Job extends JobRequest {
  /** Letters, digits, dashes: the name of its folder. */
  readonly id: string;
  /** ISO 8601, UTC; no two jobs have the same. */
  readonly createdAt: string;
  /** Its place in the queue: that of its creation, or of its last way back into the queue. ISO 8601, UTC. */
  readonly queuedAt: string;
  /** Folder that relative paths and recipe packages are looked up from. */
  readonly cwd: string;
  /**
   * What its user wants of it. A `pause` goes on later from its checkpoint; a `stop` is for good, and may still be resumed; what
   * is to be removed is not shown any more, and what it has written stays.
   */
  readonly wanted: 'run' | 'pause' | 'stop' | 'remove';
  /** How often it was put into the queue. Each attempt begins at most once, whoever tries. */
  readonly attempt: number;
}

/** started.json. Only the job's process writes it, while it holds the job's lock. */
export interface Start {
  readonly attempt: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * `interrupted`: its process is gone without a word (killed, out of memory, the machine went down).
 * `pausing` and `stopping`: told so, and still saving.
 */
export type JobStatus =
  | 'queued'
  | 'running'
  | 'pausing'
  | 'stopping'
  | 'paused'
  | 'stopped'
  | 'interrupted'
  | 'failed'
  | 'removed'
  | 'done';

export interface JobError {
  readonly code: string;
  readonly message: string;
}

export interface JobState extends Job {
  readonly status: JobStatus;
  /** When its last attempt began; absent where none has. ISO 8601, UTC. */
  readonly startedAt?: string;
  /** Of `done`: what the command printed. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Of `failed`: what the command said. */
  readonly error?: JobError;
  /** Of `sweep`, once it is planned: trials that have come to an end, of how many. */
  readonly trials?: { readonly ended: number; readonly of: number };
  /** Of `train`, as far as its events tell. */
  readonly progress?: JobProgress;
}

/** Losses in nats a token; null where there was nothing to take the mean of, or it was not finite. */
export interface JobProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number | null;
  readonly completionLoss: number | null;
  readonly tokensPerSecond: number;
  readonly residentBytes: number;
  /** Of the steps that are left, by the median of the last ones; without evaluations. */
  readonly secondsLeft: number;
  /** While an evaluation is going on: how much of what it measures just now is done. */
  readonly evaluating?: { readonly part: EvaluationPart; readonly done: number; readonly of: number };
}

/** What the studio has the command line do, each in a process of its own. */
export type JobKind = 'train' | 'sweep' | 'export';

export interface JobRequest {
  readonly kind: JobKind;
  /** What the command is given, by the names of its options in camelCase, without `output`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Folder that the command writes: of the run, the sweep or the export. Absolute, and not there yet. */
  readonly output: string;
}

export interface Job extends JobRequest {
  /** Letters, digits, dashes: the name of its folder. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** What its user wants of it. A `pause` goes on later from its checkpoint; a `stop` is for good, and may still be resumed. */
  readonly wanted: 'run' | 'pause' | 'stop';
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
  | 'done';

export interface JobState extends Job {
  readonly status: JobStatus;
  /** Of `failed`: what the command said. */
  readonly error?: { readonly code: string; readonly message: string };
  /** Of `train`, as far as its events tell. */
  readonly progress?: JobProgress;
}

export interface JobProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly completionLoss: number;
  readonly tokensPerSecond: number;
  readonly residentBytes: number;
  /** Of the steps that are left, by the median of the last ones; without evaluations. */
  readonly secondsLeft: number;
  /** While an evaluation is going on: rows that are done, of how many. */
  readonly evaluating?: { readonly done: number; readonly of: number };
}

import type { Job } from './executor.ts';

/** A job as it is written down: before anybody is asked for it, and with what its executor notes. */
export interface JobRecord extends Omit<Job, 'folder' | 'isShared' | 'notes'> {
  /** The name of the executor, which alone understands the notes. */
  readonly executor: string;
  readonly notes: Readonly<Record<string, string>>;
}

/** All that a launcher knows. */
export interface LaunchRecord {
  /** Every job that was ever going to be submitted, the first one first. */
  readonly jobs: readonly JobRecord[];
  /** How many of them are of earlier launches, which came to their end. */
  readonly past: number;
}

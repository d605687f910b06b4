/** What became of a program that was run with its tests. Everything but `passed` is a failure. */
export interface Outcome {
  readonly status: OutcomeStatus;
  /** The error's message, or what limit was met; empty for `passed`. */
  readonly detail: string;
}

export type OutcomeStatus =
  | 'passed'
  /** A test failed, or program or tests threw. */
  | 'failed'
  /** Everything has run to its end, and the tests have checked nothing (see `markChecks`, and harness/python/checks.py). */
  | 'not-tested'
  | 'does-not-compile'
  /** The process ended, with whatever exit code, before all tests had run. */
  | 'ended-early'
  | 'timed-out'
  | 'out-of-memory'
  | 'too-much-output'
  | 'too-many-files';

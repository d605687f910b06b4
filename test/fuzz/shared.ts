/** What main thread and worker say to each other. */
export interface Job {
  readonly target: string;
  /** Grows. */
  readonly corpus: Uint8Array[];
  readonly seed: number;
  /** Inputs to read. */
  readonly count: number;
  /** Number of inputs begun and the length of the current one, 32 bits each; then the current one. */
  readonly shared: SharedArrayBuffer;
}

export interface JobState {
  /** Inputs that are new. */
  readonly corpus: readonly Uint8Array[];
  /** How many branches were taken by any input. */
  readonly branches: number;
  readonly findings: readonly { readonly input: Uint8Array; readonly problem: string }[];
}

export const SHARED_HEADER = 8;
/** An input that takes longer, three times in a row, hangs. */
export const SLOW_MS = 2000;
/** One that has not come back after so long of the processor's time never does. */
export const HANG_MS = 60_000;
/** Bound of JavaScript's heap while an input is read, and of the whole process. */
export const HEAP_MEGABYTES = 512;
export const PROCESS_MEGABYTES = 1536;

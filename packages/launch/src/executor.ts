/** What processes a task is given, and for how long. What is not said is the scheduler's to say. */
export interface Resources {
  /** Processors of each task. */
  readonly cpus?: number | undefined;
  /** MiB of each task. */
  readonly memoryMib?: number | undefined;
  /** Minutes that a task may take; before they are over it is told to save, and asks for more. */
  readonly minutes?: number | undefined;
}

/** What is written down beside a job, for whoever opens its launch another time, on whatever machine. */
export interface Notes {
  read(name: string): string | undefined;
  /** @throws {UserError} where it cannot be written just now, or the launch is another process's by now */
  write(name: string, text: string): Promise<void>;
}

/** Commands to run somewhere, each of them one with an item of its own behind it. */
export interface Job extends Resources {
  /** Letters, digits and hyphens, at most 50; no two jobs on a cluster have the same. */
  readonly id: string;
  readonly command: readonly string[];
  /** What is put behind the command: a task for each. */
  readonly items: readonly string[];
  /** Tasks that run at the same time, at most. */
  readonly atOnce: number;
  /** Absolute, and there on this machine: for logs (`0.log`). */
  readonly folder: string;
  /** Whether the machines that do the tasks see the folder. Where they do not, a log is wherever the executor can leave it. */
  readonly isShared: boolean;
  /** What an executor has to remember. */
  readonly notes: Notes;
  readonly env: Readonly<Record<string, string>>;
}

/** `ended`: by itself, by a crash or by being cancelled. What a task came to is seen in its own files, not here. */
export type TaskState = 'waiting' | 'running' | 'ended';

/**
 * Where jobs run. All of it may be called by a process that did not submit the job, and again after a crash at any place: an
 * executor remembers nothing but what it can ask the scheduler, or finds among the job's notes.
 * @throws {Unreachable} where asking later may help; any other error where it will not
 */
export interface Executor {
  readonly name: string;
  /** Seconds between two looks at a job that trouble nobody. */
  readonly lookSeconds: number;
  /** Asks for what has not been asked for yet. It is called at every look until all tasks have ended: twice is once. */
  submit(job: Job): Promise<void>;
  /** The state of each task, in the order of the items. */
  observe(job: Job): Promise<readonly TaskState[]>;
  /** Ends what runs, as SIGTERM does, and what waits never begins. */
  cancel(job: Job): Promise<void>;
  /** What a task has written, where that is not in the job's folder; undefined where it is not known. */
  logOf?(job: Job, index: number): Promise<string | undefined>;
}

/** The scheduler does not answer just now. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

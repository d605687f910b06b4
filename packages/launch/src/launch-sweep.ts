import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  failTrial,
  type PlannedTrial,
  planTrials,
  readSweep,
  type SweepEvent,
  type SweptTrials,
  type Trial,
} from '@counterweight/core';
import { type Executor, type Resources, Unreachable } from './executor.ts';
import { type LaunchedJob, type LaunchFolder, openLaunchFolder } from './launch-folder.ts';

export interface LaunchOptions extends Resources {
  /** The folder of a sweep that is planned, seen by all machines under the same name. */
  readonly sweep: string;
  readonly executor: Executor;
  /** What does a trial, its file behind it: `counterweight worker`. */
  readonly command: readonly string[];
  /** Trials at the same time, at most. */
  readonly atOnce: number;
  /** How often a trial that did not come to its end is submitted again; default {@link RETRIES}. */
  readonly retries?: number | undefined;
  /** For the command. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Ends the looking on: what is submitted runs on. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: LaunchEvent) => void) | undefined;
}

export type LaunchEvent =
  | Extract<SweepEvent, { readonly type: 'trial-done' | 'trial-failed' }>
  | { readonly type: 'submitted'; readonly job: string; readonly trials: number; readonly isAgain: boolean }
  /** It is asked again; after {@link PATIENCE_SECONDS} without an answer the launcher gives up, and may be started again. */
  | { readonly type: 'unreachable'; readonly message: string };

export const RETRIES = 3;
export const PATIENCE_SECONDS = 900;

/**
 * Has a sweep done on a cluster: submits its trials, looks on, and submits again what ended without being done. It can be ended
 * at any moment, and started again with the same options: nothing is done twice.
 * @returns as failed those that were submitted as often as they may be, and are not done
 * @throws {UserError} `output-in-use` where another launcher is at it; what the executor throws
 * @throws the signal's reason
 * @example
 * ```ts
 * import { launchSweep, local } from '@counterweight/launch';
 *
 * const command = ['npx', 'counterweight', 'worker'];
 * const { failed } = await launchSweep({ sweep: 'sweeps/first', executor: local(), command, atOnce: 2 });
 * for (const { trial, message } of failed) console.log(trial.id, message);
 * ```
 */
export async function launchSweep(options: LaunchOptions): Promise<SweptTrials> {
  const { sweep, executor, signal } = options;
  const folder = await openLaunchFolder(sweep);
  try {
    const launch: Launch = { options, folder, ended: new Set(), told: await finishedIn(sweep) };
    let answered = Date.now();
    for (;;) {
      signal?.throwIfAborted();
      try {
        const result = await look(launch);
        answered = Date.now();
        if (result) {
          await folder.end();
          return result;
        }
      } catch (error) {
        if (!(error instanceof Unreachable) || Date.now() - answered > PATIENCE_SECONDS * 1000) throw error;
        options.onEvent?.({ type: 'unreachable', message: error.message });
      }
      await sleep(executor.lookSeconds * 1000, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  } finally {
    await folder.release();
  }
}

/** Ends what is submitted of a sweep: as on SIGTERM a trial saves, and `launchSweep` goes on with it another time. */
export async function cancelSweep({ sweep, executor }: Pick<LaunchOptions, 'sweep' | 'executor'>): Promise<void> {
  const folder = await openLaunchFolder(sweep);
  try {
    for (const job of folder.jobs) if (!job.isPast) await executor.cancel(job);
    await folder.end();
  } finally {
    await folder.release();
  }
}

interface Launch {
  readonly options: LaunchOptions;
  readonly folder: LaunchFolder;
  /** Jobs of which no task runs any more, or is going to. */
  readonly ended: Set<string>;
  /** Trials whose end was told. */
  readonly told: Set<string>;
}

const finishedIn = async (sweep: string): Promise<Set<string>> =>
  new Set((await readSweep(sweep)).done.map(({ trial }) => trial.id));

/** One look at everything, and what follows from it. @returns what the sweep came to, when it has */
async function look(launch: Launch): Promise<SweptTrials | undefined> {
  const { options, folder } = launch;
  const { sweep, retries = RETRIES, atOnce } = options;
  // Jobs first: a trial that is done after that is only seen to be done.
  const busy = await busyTrials(launch);
  const { done, failed } = await readSweep(sweep);
  const planned = await planTrials(sweep);
  tellDone(launch, done);
  const isDone = new Set(done.map(({ trial }) => trial.id));
  const left = planned.filter(({ trial, file }) => !isDone.has(trial.id) && !busy.has(file));
  const tries = (file: string) => folder.jobs.filter(({ isPast, items }) => !isPast && items.includes(file)).length;
  const mayBe = left.filter(({ file }) => tries(file) <= retries);
  // Learning rates are found when all that look for them are done: one that came to its end later might find a better one.
  const tunes = [...mayBe, ...planned.filter(({ file }) => busy.has(file))].some(({ trial }) => trial.stage === 'tune');
  const open = mayBe.filter(({ trial }) => !tunes || trial.stage === 'tune');
  await submit(launch, open, { again: ({ file }) => tries(file) > 0, room: atOnce - busy.size });
  if (busy.size > 0 || open.length > 0) return undefined;
  const messages = new Map(failed.map(({ trial, message }) => [trial.id, message]));
  const lost: { trial: Trial; message: string }[] = [];
  for (const { trial, file } of left) {
    const message = messages.get(trial.id) ?? (await lastWords(folder.jobs, file));
    await failTrial(sweep, trial, message);
    options.onEvent?.({ type: 'trial-failed', trial, message });
    lost.push({ trial, message });
  }
  return { done: done.length, failed: lost };
}

/** Files of trials that somebody is at, or is going to be. Whatever was not asked for yet is asked for now. */
async function busyTrials({ options: { executor }, folder, ended }: Launch): Promise<Set<string>> {
  const busy = new Set<string>();
  for (const job of folder.jobs) {
    if (job.isPast || ended.has(job.id)) continue;
    await executor.submit(job);
    const states = await executor.observe(job);
    if (states.every((state) => state === 'ended')) ended.add(job.id);
    for (const [index, state] of states.entries()) if (state !== 'ended') busy.add(job.items[index] as string);
  }
  return busy;
}

function tellDone({ options, told }: Launch, done: Awaited<ReturnType<typeof readSweep>>['done']): void {
  for (const { trial, validation, seconds } of done) {
    if (told.has(trial.id)) continue;
    told.add(trial.id);
    options.onEvent?.({ type: 'trial-done', trial, validation, seconds });
  }
}

/** Trials for the first time are one job, which keeps to its limit itself; those that ended come again where there is room. */
async function submit(
  { options, folder }: Launch,
  open: readonly PlannedTrial[],
  { again, room }: { readonly again: (trial: PlannedTrial) => boolean; readonly room: number },
): Promise<void> {
  const isAgain = open.some(again);
  const items = open.slice(0, isAgain ? Math.max(0, room) : undefined).map(({ file }) => file);
  if (items.length === 0) return;
  const { executor, command, atOnce, cpus, memoryMib, minutes, env = {}, onEvent } = options;
  const job = await folder.add({
    command,
    items,
    atOnce: Math.min(atOnce, items.length),
    env,
    cpus,
    memoryMib,
    minutes,
  });
  await executor.submit(job);
  onEvent?.({ type: 'submitted', job: job.id, trials: items.length, isAgain });
}

/** What a worker that left nothing else wrote last. */
async function lastWords(jobs: readonly LaunchedJob[], file: string): Promise<string> {
  const job = jobs.findLast(({ items }) => items.includes(file));
  const log = job && join(job.folder, `${job.items.indexOf(file)}.log`);
  const text = log && (await readFile(log, 'utf8').catch(() => ''));
  return text?.trim().split('\n').slice(-5).join('\n') || 'Its process ended without a word.';
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type PlannedTrial,
  planTrials,
  readSweep,
  type SweepEvent,
  type SweptTrials,
  type Trial,
} from '@counterweight/core';
import { UserError } from '@counterweight/core/files';
import { type Executor, type Resources, Unreachable } from './executor.ts';
import { type LaunchedSweep, sweepInFolder } from './launched-sweep.ts';
import { type Launches, openLaunches } from './launches.ts';

export interface LaunchOptions extends Resources {
  /** A sweep that is planned: its folder, seen by all machines under the same name; or one of `openStoredSweep`. */
  readonly sweep: string | LaunchedSweep;
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

const opened = (sweep: string | LaunchedSweep): LaunchedSweep =>
  typeof sweep === 'string' ? sweepInFolder(sweep) : sweep;

/** Whether asking later may help. */
const isPassing = (error: unknown): error is Error =>
  error instanceof Unreachable || (error instanceof UserError && error.code === 'storage-unreachable');

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
  const { executor, signal } = options;
  const sweep = opened(options.sweep);
  const launches = await openLaunches(sweep, executor.name);
  try {
    const launch: Launch = { options, sweep, launches, ended: new Set(), told: await finishedIn(sweep) };
    let answered = Date.now();
    for (;;) {
      signal?.throwIfAborted();
      try {
        const result = await look(launch);
        answered = Date.now();
        if (result) {
          await launches.end();
          return result;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (!isPassing(error) || Date.now() - answered > PATIENCE_SECONDS * 1000) throw error;
        options.onEvent?.({ type: 'unreachable', message: error instanceof UserError ? error.problem : error.message });
      }
      const waitMs = 1000 * Math.max(executor.lookSeconds, sweep.lookSeconds);
      await sleep(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  } finally {
    await letGo(launches);
  }
}

/** A lease that cannot be given back is free when its holder has ended: what has ended the launch is what is told. */
const letGo = (launches: Launches): Promise<void> => launches.release().catch(() => {});

/** Ends what is submitted of a sweep: as on SIGTERM a trial saves, and `launchSweep` goes on with it another time. */
export async function cancelSweep({ sweep, executor }: Pick<LaunchOptions, 'sweep' | 'executor'>): Promise<void> {
  const launches = await openLaunches(opened(sweep), executor.name);
  try {
    for (const job of launches.jobs) await executor.cancel(job);
    await launches.end();
  } finally {
    await letGo(launches);
  }
}

interface Launch {
  readonly options: LaunchOptions;
  readonly sweep: LaunchedSweep;
  readonly launches: Launches;
  /** Jobs of which no task runs any more, or is going to. */
  readonly ended: Set<string>;
  /** Trials whose end was told. */
  readonly told: Set<string>;
}

/** Trials that are done where everybody finds it, and the others. */
async function progressOf(sweep: LaunchedSweep) {
  const isThere = await sweep.pull();
  const { done, failed } = await readSweep(sweep.folder);
  return { done: done.filter(({ trial }) => isThere(trial)), failed };
}

const finishedIn = async (sweep: LaunchedSweep): Promise<Set<string>> =>
  new Set((await progressOf(sweep)).done.map(({ trial }) => trial.id));

/** One look at everything, and what follows from it. @returns what the sweep came to, when it has */
async function look(launch: Launch): Promise<SweptTrials | undefined> {
  const { options, sweep, launches } = launch;
  const { retries = RETRIES, atOnce } = options;
  // Jobs first: a trial that is done after that is only seen to be done.
  const busy = await busyItems(launch);
  const { done, failed } = await progressOf(sweep);
  const planned = (await planTrials(sweep.folder)).map((one) => ({ ...one, item: sweep.itemOf(one) }));
  tellDone(launch, done);
  const isDone = new Set(done.map(({ trial }) => trial.id));
  const left = planned.filter(({ trial, item }) => !isDone.has(trial.id) && !busy.has(item));
  const tries = ({ item }: Planned) => launches.jobs.filter(({ items }) => items.includes(item)).length;
  const mayBe = left.filter((one) => tries(one) <= retries);
  // Learning rates are found when all that look for them are done: one that came to its end later might find a better one.
  const tunes = [...mayBe, ...planned.filter(({ item }) => busy.has(item))].some(({ trial }) => trial.stage === 'tune');
  const open = mayBe.filter(({ trial }) => !tunes || trial.stage === 'tune');
  await submit(launch, open, { again: (one) => tries(one) > 0, room: atOnce - busy.size });
  if (busy.size > 0 || open.length > 0) return undefined;
  const messages = new Map(failed.map(({ trial, message }) => [trial.id, message]));
  const lost: { trial: Trial; message: string }[] = [];
  for (const { trial, item } of left) {
    const message = messages.get(trial.id) ?? (await lastWords(launch, item));
    await sweep.fail(trial, message);
    options.onEvent?.({ type: 'trial-failed', trial, message });
    lost.push({ trial, message });
  }
  return { done: done.length, failed: lost };
}

/** A trial, and what its worker is started with. */
interface Planned extends PlannedTrial {
  readonly item: string;
}

/** Trials that somebody is at, or is going to be. Whatever was not asked for yet is asked for now. */
async function busyItems({ options: { executor }, launches, ended }: Launch): Promise<Set<string>> {
  const busy = new Set<string>();
  for (const job of launches.jobs) {
    if (ended.has(job.id)) continue;
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
  { options, launches }: Launch,
  open: readonly Planned[],
  { again, room }: { readonly again: (trial: Planned) => boolean; readonly room: number },
): Promise<void> {
  const isAgain = open.some(again);
  const items = open.slice(0, isAgain ? Math.max(0, room) : undefined).map(({ item }) => item);
  if (items.length === 0) return;
  const { executor, command, atOnce, cpus, memoryMib, minutes, env = {}, onEvent } = options;
  const job = await launches.add({
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
async function lastWords({ options: { executor }, launches }: Launch, item: string): Promise<string> {
  const job = launches.jobs.findLast(({ items }) => items.includes(item));
  if (!job) return 'Nobody was asked for it.';
  const index = job.items.indexOf(item);
  const log = join(job.folder, `${index}.log`);
  const text = (await readFile(log, 'utf8').catch(() => '')) || (await executor.logOf?.(job, index).catch(() => ''));
  const words = text?.trim().split('\n').slice(-5).join('\n');
  return words || `Its process ended without a word${job.isShared ? '' : ' that is seen from here'}.`;
}

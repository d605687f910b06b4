import { resolve } from 'node:path';
import type { SweepOptions, SweptTrials } from '@counterweight/core';
import { isObjectUrl } from '@counterweight/launch';
import type { Context } from './command.ts';
import { exitCodes, PartlyFailed } from './exit.ts';
import { optionError } from './option-error.ts';
import { Interrupted } from './signals.ts';
import { plannedOptions, sweepCore } from './sweep-core-options.ts';
import type { placeOptions } from './sweep-options.ts';
import type { SweepPlace } from './sweep-place.ts';
import { watchSweep } from './watch-sweep.ts';

/** Where things are on this machine. What was not given is as it was planned, whatever its default. */
export type Places = Readonly<Partial<Record<keyof typeof placeOptions, unknown>>>;

/** What a trial that was asked for by itself comes to: `--json` of `worker`. */
export interface TrialResult {
  readonly sweep: string;
  /** Hash of the trial, or its place in the plan. */
  readonly trial: string | number;
}

/** The options of a sweep that was planned, for work at it here. @throws {UserError} where a program has planned it */
export async function workOptions(
  { folder, stored }: SweepPlace,
  places: Places,
  { core, cwd, given, signal }: Context,
): Promise<SweepOptions<unknown>> {
  const { plan } = await core.readSweep(folder);
  const paths = (files: unknown) =>
    Array.isArray(files)
      ? files.map((file) => (isObjectUrl(String(file)) ? String(file) : resolve(cwd, String(file))))
      : undefined;
  const here = Object.fromEntries(Object.entries(places).filter(([name]) => given.has(name)));
  const absolute = { ...here, data: paths(here.data), evalData: paths(here.evalData) };
  const { options, ...where } = plannedOptions(plan, { ...absolute, output: folder });
  return { ...(await sweepCore(options, where)), signal, ...(stored && { shared: stored.trials }) };
}

/** The task's number in a job array: Slurm's, and that of an indexed job of Kubernetes. */
export function indexIn(env: Context['env']): number | undefined {
  const given = env.SLURM_ARRAY_TASK_ID ?? env.JOB_COMPLETION_INDEX;
  return given === undefined || given === '' ? undefined : Number(given);
}

/** Does the trial at a place in the plan. */
export async function workAtIndex(
  place: SweepPlace,
  index: number,
  places: Places,
  context: Context,
): Promise<TrialResult> {
  const { trials } = await context.core.readSweep(place.folder);
  if (!Number.isInteger(index) || index < 0 || index >= trials) {
    const where = 'SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX';
    throw optionError(`The sweep has ${trials} trials, and none is number ${index}`, where, `Number them from 0.`);
  }
  const options = await workOptions(place, places, context);
  return ofOneTrial({ sweep: place.name, trial: index }, context, (onEvent) =>
    context.core.workSweep({ ...options, onEvent }, index),
  );
}

/**
 * Waits for one trial, and ends as a scheduler understands it: with 0 where it is done, 1 where it failed, and 75 where it was
 * stopped and wants to be gone on with.
 */
export async function ofOneTrial(
  result: TrialResult,
  { terminal, signal }: Context,
  work: (onEvent: SweepOptions<unknown>['onEvent']) => Promise<SweptTrials>,
): Promise<TrialResult> {
  const watcher = watchSweep(terminal, { trials: 1, done: 0 });
  try {
    const { failed } = await work(watcher.onEvent);
    const [first] = failed;
    if (first) throw new PartlyFailed(`The trial failed: ${first.message}`, { ...result, failed: first.message });
    return result;
  } catch (error) {
    if (error !== signal.reason || !(error instanceof Interrupted)) throw error;
    const message = 'Stopped: the next worker goes on with the trial.';
    throw new Interrupted(error.signal, message, { ...result }, exitCodes.continueMe);
  } finally {
    watcher.end();
  }
}

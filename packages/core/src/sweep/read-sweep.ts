import { resolve } from 'node:path';
import type { TrialObservation } from './analysis/observations.ts';
import { pointsOf, type SweepPlan, type Trial } from './plan.ts';
import { readPlan } from './plan-sweep.ts';
import { readFailure, readOutcome, readRows, type TrialOutcome, type TrialRow, trialFolder } from './trial-folder.ts';
import { allTrials } from './tuned-rates.ts';

/** What there is of a sweep in its folder: trials of its plan only, whatever lies beside them. */
export interface SweepProgress {
  readonly plan: SweepPlan;
  /** How many there are of the plan, those that are not known yet included. */
  readonly trials: number;
  readonly done: readonly TrialDone[];
  readonly failed: readonly TrialFailed[];
  /** Trials that nobody has finished yet, as far as they are known: not before learning rates are found. */
  readonly open: readonly Trial[];
}

interface TrialFailed {
  readonly trial: Trial;
  readonly message: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

interface TrialDone extends Pick<TrialOutcome, 'trial' | 'validation'> {
  readonly seconds: number;
}

/**
 * How far a sweep is, whoever works at it.
 * @throws {UserError} `file-not-found` where there is no sweep
 * @example
 * ```ts
 * import { readSweep } from '@counterweight/core';
 *
 * const { done, open, failed } = await readSweep('sweeps/first');
 * console.log(`${done.length} done, ${open.length} to come, ${failed.length} failed`);
 * ```
 */
export async function readSweep(sweep: string): Promise<SweepProgress> {
  const plan = await readPlan(sweep);
  const { compared, tuning } = await allTrials(sweep, plan);
  const done: TrialDone[] = [];
  const failed: TrialFailed[] = [];
  const open: Trial[] = [];
  for (const trial of [...tuning, ...compared]) {
    const folder = trialFolder(resolve(sweep), trial);
    const read = await readOutcome(folder);
    const failure = read ? undefined : await readFailure(folder);
    if (read) done.push({ trial, validation: read.outcome.validation, seconds: read.seconds });
    else if (failure === undefined) open.push(trial);
    else failed.push({ trial, ...failure });
  }
  return { plan, trials: tuning.length + plan.seeds.length * pointsOf(plan.axes).length, done, failed, open };
}

/** What the trials that are compared came to. */
export async function readObservations(sweep: string, { plan, done }: SweepProgress): Promise<TrialObservation[]> {
  const compared = done.filter(({ trial }) => trial.stage === 'compare');
  const observations: TrialObservation[] = [];
  for (const { trial } of compared) {
    const folder = trialFolder(resolve(sweep), trial);
    const read = await readOutcome(folder);
    if (!read) continue;
    const rows = columnsOf(await readRows(folder));
    observations.push(observationOf({ ...read.outcome, trial, rows }, plan));
  }
  return observations;
}

interface TrialMeasured extends Pick<TrialOutcome, 'trial' | 'promptShare' | 'outcomes' | 'validation' | 'path'> {
  /** Scores of all test rows, by name. */
  readonly rows: NonNullable<TrialObservation['rows']>;
}

/** A trial as its analysis takes it. */
export function observationOf(
  { trial, promptShare, outcomes, validation, rows, path }: TrialMeasured,
  { tune }: Pick<SweepPlan, 'tune'>,
): TrialObservation {
  const { promptLossWeight, ...others } = trial.settings;
  const { learningRate: _, ...untuned } = others;
  return {
    trial: trial.id,
    weight: promptLossWeight as number,
    // A rate that was found for a weight belongs to it: it is no other point of the sweep.
    settings: tune ? untuned : others,
    ...{ seed: trial.seed, promptShare, outcomes, validation, rows, path },
  };
}

/** Scores by name, in the order of the rows; NaN where a row has none. */
function columnsOf(rows: readonly TrialRow[]): Record<string, Float64Array> {
  const names = new Set(rows.flatMap(({ scores }) => Object.keys(scores)));
  return Object.fromEntries(
    [...names].map((name) => [name, Float64Array.from(rows, ({ scores }) => scores[name] ?? Number.NaN)]),
  );
}

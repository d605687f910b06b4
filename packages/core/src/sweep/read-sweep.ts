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
  readonly failed: readonly { readonly trial: Trial; readonly message: string }[];
  /** Trials that nobody has finished yet, as far as they are known: not before learning rates are found. */
  readonly open: readonly Trial[];
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
  const failed: { trial: Trial; message: string }[] = [];
  const open: Trial[] = [];
  for (const trial of [...tuning, ...compared]) {
    const folder = trialFolder(resolve(sweep), trial);
    const read = await readOutcome(folder);
    const message = read ? undefined : await readFailure(folder);
    if (read) done.push({ trial, validation: read.outcome.validation, seconds: read.seconds });
    else if (message === undefined) open.push(trial);
    else failed.push({ trial, message });
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
    if (read) observations.push(observationOf(trial, { ...read, rows: await readRows(folder), plan }));
  }
  return observations;
}

function observationOf(
  { id, settings: { promptLossWeight, ...others }, seed }: Trial,
  {
    outcome,
    rows,
    plan,
  }: { readonly outcome: TrialOutcome; readonly rows: readonly TrialRow[]; readonly plan: SweepPlan },
): TrialObservation {
  const { learningRate: _, ...untuned } = others;
  const { promptShare, outcomes, validation, path } = outcome;
  return {
    trial: id,
    weight: promptLossWeight as number,
    // A rate that was found for a weight belongs to it: it is no other point of the sweep.
    settings: plan.tune ? untuned : others,
    seed,
    promptShare,
    outcomes,
    validation,
    rows: columnsOf(rows),
    path,
  };
}

/** Scores by name, in the order of the rows; NaN where a row has none. */
function columnsOf(rows: readonly TrialRow[]): Record<string, Float64Array> {
  const names = new Set(rows.flatMap(({ scores }) => Object.keys(scores)));
  return Object.fromEntries(
    [...names].map((name) => [name, Float64Array.from(rows, ({ scores }) => scores[name] ?? Number.NaN)]),
  );
}

import { resolve } from 'node:path';
import { openOptions, type SweepOptions } from './sweep/options.ts';
import { assertSweepFits as assertFits, type PlannedSweep, planSweep as plan, readPlan } from './sweep/plan-sweep.ts';
import { planTrials, readPlannedTrial } from './sweep/planned-trials.ts';
import { reportSweep, type SweepReport } from './sweep/report-sweep.ts';
import { type SweptTrials, workSweep as work, workTrial as workOne } from './sweep/work-sweep.ts';

/**
 * The first step of a sweep: finds every mistake in options and rows, and writes sweep.json, and a file for each trial.
 * @param processes that are going to work at it at the same time: their memory is counted beforehand
 * @throws {UserError} for every mistake in options, rows and model; `output-in-use` where the folder holds another sweep
 * @example
 * ```ts
 * import { planSweep } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const task = { recipe: support(), model: 'org/name', data: 'train.csv', output: 'sweeps/first' };
 * const { trials, steps } = await planSweep(task);
 * console.log(`${trials} trainings, ${steps} steps`);
 * ```
 */
export async function planSweep<Row>(options: SweepOptions<Row>, processes?: number): Promise<PlannedSweep> {
  const planned = await plan(openOptions(options), processes);
  await planTrials(options.output);
  return planned;
}

/**
 * Counts the memory that several processes need which are going to work at a planned sweep at the same time.
 * @throws {UserError} `memory-exceeded` where there is less; `file-not-found` where there is no sweep
 * @example
 * ```ts
 * import { assertSweepFits } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * await assertSweepFits({ recipe: support(), model: 'org/name', data: 'train.csv', output: 'sweeps/first' }, 4);
 * ```
 */
export async function assertSweepFits<Row>(options: SweepOptions<Row>, processes: number): Promise<void> {
  await assertFits(openOptions(options), processes);
}

/**
 * The second step: trains and measures whatever is not done yet, and waits for what other processes are at. Any number
 * of them, on any machines that see the folder, can be at it.
 * @param index of one trial in the plan, from 0: nothing else is done then, but what it waits for
 * @throws {UserError} where rows, model or tokenizer are not those that were planned
 * @throws the signal's reason; what is done stays done
 * @example
 * ```ts
 * import { workSweep } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * // With the options that it was planned with, here or on another machine.
 * const task = { recipe: support(), model: 'org/name', data: 'train.csv', output: 'sweeps/first' };
 * const { done, failed } = await workSweep(task);
 * console.log(done, failed.map(({ message }) => message));
 * ```
 */
export async function workSweep<Row>(options: SweepOptions<Row>, index?: number): Promise<SweptTrials> {
  return work(openOptions(options), await readPlan(resolve(options.output)), index);
}

/**
 * Does one trial of a sweep, or goes on with it where it was ended. It may be asked for as often as one likes: what is done
 * is not done again, and where another process is at it, this one waits until it is done or left.
 * @param file `planned/HASH.json` in the folder of the sweep; `output` is that folder
 * @throws {UserError} `file-not-found`, `file-malformed` for what is no trial; where rows, model or tokenizer are not those
 *   that were planned
 * @throws the signal's reason, after a checkpoint
 * @example
 * ```ts
 * import { workTrial } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const task = { recipe: support(), model: 'org/name', data: 'train.csv', output: 'sweeps/first' };
 * const { failed } = await workTrial(task, 'sweeps/first/planned/0123456789abcdef.json');
 * console.log(failed.map(({ message }) => message));
 * ```
 */
export async function workTrial<Row>(options: SweepOptions<Row>, file: string): Promise<SweptTrials> {
  const { plan: planned, trial } = await readPlannedTrial(file);
  return workOne(openOptions(options), planned, trial);
}

/**
 * The experiment behind a prompt loss weight, from beginning to end: trains with every weight under every seed, measures,
 * compares with weight 0, judges the claims and recommends a weight, or none. What was done in the folder before is not
 * done again.
 * @throws {UserError} for every mistake in options, rows and model, before the first training
 * @throws the signal's reason; what is done stays done
 * @example
 * ```ts
 * import { sweep } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const { analysis, lines } = await sweep({
 *   recipe: support(),
 *   model: 'org/name',
 *   data: 'train.csv',
 *   output: 'sweeps/first',
 *   weights: [0, 0.1, 1],
 *   seeds: 6,
 *   training: { method: 'lora', epochs: 2 },
 * });
 * console.log(lines.join('\n'), analysis.recommended?.promptLossWeight);
 * ```
 */
export async function sweep<Row>(options: SweepOptions<Row>): Promise<SweepReport> {
  const opened = openOptions(options);
  const { plan: made } = await plan(opened);
  await work(opened, made);
  return reportSweep(options.output);
}

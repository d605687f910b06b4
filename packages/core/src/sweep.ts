import { resolve } from 'node:path';
import { openOptions, type SweepOptions } from './sweep/options.ts';
import { type PlannedSweep, planSweep as plan, readPlan } from './sweep/plan-sweep.ts';
import { reportSweep, type SweepReport } from './sweep/report-sweep.ts';
import { type SweptTrials, workSweep as work } from './sweep/work-sweep.ts';

/**
 * The first step of a sweep: finds every mistake in options and rows, and writes sweep.json.
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
  return plan(openOptions(options), processes);
}

/**
 * The second step: trains and measures whatever is not done yet, and waits for what other processes are at. Any number
 * of them, on any machines that see the folder, can be at it.
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
export async function workSweep<Row>(options: SweepOptions<Row>): Promise<SweptTrials> {
  return work(openOptions(options), await readPlan(resolve(options.output)));
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

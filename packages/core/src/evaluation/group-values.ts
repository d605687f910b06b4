import { breather } from '../abort.ts';
import { meanOfScores } from '../recipe/metric.ts';
import type { Metric, Prediction } from '../recipe/recipe.ts';
import type { Measured } from './measure-metrics.ts';

/** Of metrics by name, what each group of rows adds, by the group's number. */
export type GroupValues = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** Enough for an interval, few enough for metrics that take long. */
export const GROUPS = 25;

/**
 * The group of a held-out row, by its number from 1: the same one in every evaluation of the same rows, in any run. In turn, so
 * that groups are of equal size, and neighbours, which may be alike, in different ones.
 */
export const groupOf = (row: number): number => (row - 1) % GROUPS;

/**
 * What each group of rows adds to a metric of the whole corpus (BLEU, macro F1): its pseudo-values (Tukey 1958)
 *
 *     g · T − (g − 1) · T without the group's rows
 *
 * of g groups. Of a mean over groups of equal size they are the means in the groups, so that drawing groups anew is
 * drawing rows by the handful, for one scoring each. Two evaluations of the same rows have the same groups: the difference
 * of their values is what a group adds to the difference of the metric.
 * @param rows the number of each prediction's row, from 1
 * @param value the metric of all predictions
 * @returns by number of the group; a group without rows, and one that nothing can be measured without, is left out
 */
export async function groupValues<Row>(
  { compute }: Pick<Metric<Row>, 'compute'>,
  predictions: readonly Prediction<Row>[],
  { rows, value }: { readonly rows: readonly number[]; readonly value: number },
): Promise<Record<number, number>> {
  const groups = [...new Set(rows.map(groupOf))].sort((a, b) => a - b);
  const values: Record<number, number> = {};
  if (groups.length < 2) return values;
  for (const group of groups) {
    const others = predictions.filter((_, i) => groupOf(rows[i] as number) !== group);
    const without = await compute(others);
    const own = groups.length * value - (groups.length - 1) * without;
    if (Number.isFinite(own)) values[group] = own;
  }
  return values;
}

/** Of every metric that is not the mean of what rows score: the scores say as much of those. */
export async function measureGroups<Row>(
  metrics: readonly Metric<Row>[],
  predictions: readonly Prediction<Row>[],
  {
    rows,
    measured,
    signal,
  }: { readonly rows: readonly number[]; readonly measured: Measured; readonly signal?: AbortSignal | undefined },
): Promise<GroupValues> {
  const breathe = breather(signal);
  const all: Record<string, Record<number, number>> = {};
  for (const metric of metrics) {
    const value = measured.metrics[metric.name];
    if (value === undefined || isMean(metric.name, value, measured.scores)) continue;
    await breathe();
    const values = await groupValues(metric, predictions, { rows, value }).catch(() => ({}));
    signal?.throwIfAborted();
    if (Object.keys(values).length > 1) all[metric.name] = values;
  }
  return all;
}

/** Whether a metric is the mean of the scores that there are of it, up to rounding. */
export function isMean(metric: string, value: number, scores: readonly Readonly<Record<string, number>>[]): boolean {
  const mean = meanOfScores(scores.map((own) => own[metric] ?? Number.NaN));
  return Math.abs(mean - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

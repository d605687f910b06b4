import type { Prediction, Recipe } from '@counterweight/core';
import type { RetailRow } from '../../packages/recipe-retail/src/index.ts';
import { intervalOfMean } from './compare.ts';

/**
 * A 95 % bootstrap interval (2,000 resamplings of the rows, percentiles) of the difference in NDCG between a model's lists
 * and the best-sellers.
 */
export async function intervalOverPopularity(
  { metrics }: Recipe<RetailRow>,
  predictions: readonly Prediction<RetailRow>[],
): Promise<{ low: number; high: number }> {
  const metric = metrics.find(({ name }) => name === 'ndcgOverPopularityAt5');
  const byRow = new Map<RetailRow, Prediction<RetailRow>[]>();
  for (const prediction of predictions) byRow.set(prediction.row, [...(byRow.get(prediction.row) ?? []), prediction]);
  const differences: number[] = [];
  for (const outputs of byRow.values()) differences.push((await metric?.compute(outputs)) ?? Number.NaN);
  const [low, high] = intervalOfMean(differences, 1);
  return { low, high };
}

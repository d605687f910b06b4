import type { Prediction, Recipe } from '@counterweight/core';
import type { RetailRow } from '@counterweight/recipe-retail';

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
  const random = randomNumbers(1);
  const means = Array.from({ length: 2000 }, () => {
    let sum = 0;
    for (let i = 0; i < differences.length; i++) sum += differences[Math.floor(random() * differences.length)] ?? 0;
    return sum / differences.length;
  }).sort((a, b) => a - b);
  return { low: means[49] ?? Number.NaN, high: means[1949] ?? Number.NaN };
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

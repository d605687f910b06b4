import { createRandom, percentileInterval, resample } from '../../packages/core/src/index.ts';
import {
  boughtBefore,
  coOccurrence,
  ndcg,
  popularAndBought,
  popularity,
  type RetailRow,
} from '../../packages/recipe-retail/src/index.ts';
import type { Dataset } from './datasets.ts';

const K = 5;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The names with the highest scores, best first. */
export const bestOf = (names: readonly string[], scores: ArrayLike<number>): string[] =>
  names
    .map((name, i) => ({ name, score: scores[i] as number }))
    .sort((a, b) => b.score - a.score)
    .slice(0, K)
    .map(({ name }) => name);

/** NDCG@5 of every row. */
export const ndcgOf = (
  rows: readonly RetailRow[],
  recommend: (row: RetailRow, at: number) => readonly string[],
): number[] => rows.map((row, at) => ndcg(recommend(row, at), new Set(row.answer), K));

/** Prints what recommenders come to on the held-out rows, and how far they are above each baseline. */
export function printOverBaselines(
  { before, last, heldOut, truth }: Dataset,
  recommenders: Readonly<Record<string, readonly number[]>>,
): void {
  const makers = { popularity, 'co-occurrence': coOccurrence, 'bought before': boughtBefore };
  const baselines = Object.entries({ ...makers, 'popular and bought': popularAndBought }).map(([name, make]) => ({
    name,
    values: ndcgOf(heldOut, make([...last, ...before])),
  }));
  const heads = baselines.map(({ name }) => `over ${name}`);
  console.log(`| ${heldOut.length} held-out rows | NDCG@${K} | ${heads.join(' | ')} |\n${'| --- '.repeat(6)}|`);
  for (const { name, values } of baselines) console.log(`| ${name} | ${mean(values).toFixed(3)} |${' |'.repeat(4)}`);
  for (const [name, own] of Object.entries(recommenders)) {
    const over = baselines.map(({ values }) => interval(own.map((value, i) => value - (values[i] as number))));
    console.log(`| ${name} | ${mean(own).toFixed(3)} | ${over.join(' | ')} |`);
  }
  if (!truth) return;
  const known = mean(ndcgOf(heldOut, (_, at) => truth[at] as readonly string[]));
  console.log(`| who knows the tastes | ${known.toFixed(3)} |${' |'.repeat(4)}`);
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** The mean and its 95 % interval. */
function interval(values: readonly number[]): string {
  const [low, high] = intervalOfMean(values, 0);
  return `${signed(mean(values))} (${signed(low)} … ${signed(high)})`;
}

/** A 95 % interval of the mean: percentiles of 2,000 resamplings of the rows. */
export function intervalOfMean(values: readonly number[], seed: number): readonly [number, number] {
  const means: number[] = [];
  resample({ items: values.length, samples: 2000, draw: createRandom(seed).integer }, (drawn) => {
    means.push(mean(Array.from(drawn, (row) => values[row] as number)));
  });
  return percentileInterval(means);
}

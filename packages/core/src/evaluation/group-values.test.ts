import { describe, expect, it } from 'vitest';
import { meanOfScores } from '../recipe/metric.ts';
import type { Prediction } from '../recipe/recipe.ts';
import { GROUPS, groupOf, groupValues, measureGroups } from './group-values.ts';

type Row = { readonly score: number };
const predictions: Prediction<Row>[] = Array.from({ length: 200 }, (_, i) => ({ row: { score: i % 7 }, text: '' }));
const rows = predictions.map((_, i) => i + 1);
const mean = { compute: (of: readonly Prediction<Row>[]) => meanOfScores(of.map(({ row }) => row.score)) };

it('puts every row into one of the groups, evenly', () => {
  const counts = new Map<number, number>();
  for (let row = 1; row <= 2500; row++) counts.set(groupOf(row), (counts.get(groupOf(row)) ?? 0) + 1);
  expect(counts.size).toBe(GROUPS);
  expect(new Set(counts.values())).toEqual(new Set([100]));
});

describe('groupValues', () => {
  it('are the means in the groups where the metric is a mean over groups of equal size', async () => {
    const equal = [...Array(GROUPS).keys()].map((group) => rows.find((row) => groupOf(row) === group) as number);
    const own = equal.map((row) => predictions[row - 1] as Prediction<Row>);
    const values = await groupValues(mean, own, { rows: equal, value: mean.compute(own) });
    for (const [i, { row }] of own.entries()) expect(values[groupOf(equal[i] as number)]).toBeCloseTo(row.score);
  });

  it('are none of a single group', async () => {
    expect(await groupValues(mean, predictions.slice(0, 1), { rows: [1], value: 0 })).toEqual({});
  });
});

it('are measured of what is no mean of scores only, and cost a metric that fails nothing', async () => {
  const largest = (of: readonly Prediction<Row>[]) => Math.max(...of.map(({ row }) => row.score));
  const metric = (name: string, compute: (of: readonly Prediction<Row>[]) => number) => ({
    ...({ name, direction: 'higher-is-better', definition: name } as const),
    compute,
  });
  const failing = (of: readonly Prediction<Row>[]) => {
    if (of.length < predictions.length) throw new Error('too few');
    return 1;
  };
  const metrics = [metric('mean', mean.compute), metric('largest', largest), metric('failing', failing)];
  const scores = predictions.map(({ row }) => ({ mean: row.score }));
  const measured = { metrics: { mean: mean.compute(predictions), largest: 6, failing: 1 }, scores, failed: {} };
  const values = await measureGroups(metrics, predictions, { rows, measured });
  expect(Object.keys(values)).toEqual(['largest']);
  expect(Object.keys(values.largest ?? {})).toHaveLength(GROUPS);
});

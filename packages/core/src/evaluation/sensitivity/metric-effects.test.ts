import { describe, expect, it } from 'vitest';
import { createRandom, shuffled } from '../../random.ts';
import { meanOf } from '../../recipe/metric.ts';
import type { Metric } from '../../recipe/recipe.ts';
import { metricEffects } from './metric-effects.ts';

const right = meanOf<number>({
  name: 'right',
  direction: 'higher-is-better',
  definition: 'equal',
  score: (row, text) => Number(text === String(row)),
});
/** Of the whole corpus. */
const corpus: Metric<number> = {
  name: 'squared',
  direction: 'higher-is-better',
  definition: 'the share of right outputs, squared',
  compute: (all) => (all.filter(({ row, text }) => text === String(row)).length / all.length) ** 2,
};
/** It scores rows too, and is not the mean of the scores. */
const scored: Metric<number> = { ...corpus, perRow: ({ row, text }) => Number(text === String(row)) };

const rows = Array.from({ length: 400 }, (_, row) => row);
/** All are right before; afterwards those are wrong. */
const pairs = (isWrong: (row: number) => boolean) => ({
  before: rows.map((row) => ({ row, text: String(row) })),
  after: rows.map((row) => ({ row, text: isWrong(row) ? '' : String(row) })),
});
const effectsOf = async (metrics: readonly Metric<number>[], isWrong: (row: number) => boolean) =>
  (await metricEffects(metrics, pairs(isWrong), { seed: 0 })).metrics;
const quarterOfRows = new Set(shuffled(rows, createRandom(5)).slice(0, 100));
const quarter = (row: number) => quarterOfRows.has(row);

describe('the effect on', () => {
  it('a mean has the paired interval of its rows', async () => {
    const { right: effect } = await effectsOf([right], quarter);
    expect(effect).toMatchObject({ before: 1, after: 0.75, difference: -0.25 });
    // 1.96 standard errors of a quarter of 400: 0.0424.
    const [low, high] = effect?.interval ?? [0, 0];
    expect(low).toBeCloseTo(-0.2924, 2);
    expect(high).toBeCloseTo(-0.2076, 2);
  });

  it.each([corpus, scored])('a number of the whole corpus has an interval as wide as it varies', async (metric) => {
    const { squared: effect } = await effectsOf([metric], quarter);
    expect(effect).toMatchObject({ before: 1, after: 0.5625, difference: -0.4375 });
    const [low, high] = effect?.interval ?? [0, 0];
    expect([low < -0.4375, high > -0.4375]).toEqual([true, true]);
    // The delta method: the interval of the mean, times twice 0.75; of 25 groups its own width is known to a third.
    expect((high - low) / (2 * 0.0424 * 1.5)).toBeGreaterThan(2 / 3);
    expect((high - low) / (2 * 0.0424 * 1.5)).toBeLessThan(4 / 3);
  });

  it('what cannot be measured is left out, and a metric that fails costs its own number only', async () => {
    const never: Metric<number> = { ...corpus, name: 'never', compute: () => Number.NaN };
    const fails: Metric<number> = { ...corpus, name: 'fails', compute: () => Promise.reject(new Error('no')) };
    expect(Object.keys(await effectsOf([never, right, fails], quarter))).toEqual(['right']);
  });
});

it('is nothing where no answer changed', async () => {
  const { right: mean, squared: other } = await effectsOf([right, corpus], () => false);
  for (const effect of [mean, other]) expect(effect).toEqual({ before: 1, after: 1, difference: 0, interval: [0, 0] });
});

import { describe, expect, it } from 'vitest';
import { type MeasuredSweep, measuredSweep } from './measured-sweep.ts';
import { weightAdvice } from './weight-advice.ts';

const at = (
  weight: number,
  verdict: 'different' | 'equivalent' | 'inconclusive',
  isBetter: boolean,
  size: number,
  kept: number | null = null,
) => ({ weight, verdict, isBetter, size, kept });
const short: MeasuredSweep = {
  name: 'short',
  model: 'small',
  generationRatio: 0.15,
  seeds: 10,
  lossNormalization: 'weight-sum',
  isTuned: false,
  outcome: 'exactMatch',
  detectable: 0.08,
  recommended: null,
  weights: [at(0.01, 'inconclusive', false, 0.006), at(0.1, 'different', false, 0.12), at(1, 'different', false, 0.22)],
};
const gaining: MeasuredSweep = {
  ...short,
  name: 'gaining',
  model: 'large',
  generationRatio: 0.1,
  recommended: 0.01,
  weights: [at(0.01, 'different', true, 0.05), at(0.1, 'equivalent', true, 0.001)],
};

describe('the weight to start with', () => {
  it('is 0 where no weight was shown to be better, and says what was seen and how little that is', () => {
    expect(weightAdvice(0.2, { sweeps: [short] })).toEqual({
      promptLossWeight: 0,
      start: 'start with 0: no weight above it was shown to be better near this R_g',
      sureness: 'Little is known: 1 sweep, 1 model, 10 seeds; counterweight sweep measures it on your rows',
      evidence: [
        'small, R_g 0.15, 10 seeds: exactMatch worse by 0.12 to 0.22 at 0.1, 1; not told apart from 0 at 0.01 (0.08 would have been seen)',
      ],
    });
  });

  it('is the one that a sweep near it recommends', () => {
    const { promptLossWeight, sureness, evidence } = weightAdvice(0.1, { sweeps: [short, gaining] });
    expect(promptLossWeight).toBe(0.01);
    expect(sureness).toMatch(/^Something is known: 2 sweeps, 2 models, 20 seeds/);
    // The nearest first.
    expect(evidence[0]).toBe('large, R_g 0.1, 10 seeds: exactMatch better by 0.05 at 0.01; as good at 0.1');
  });

  it('is the smallest that sweeps near it recommend', () => {
    const more = { ...gaining, generationRatio: 0.11, recommended: 1, weights: [at(1, 'different', true, 0.1)] };
    const none = { ...gaining, generationRatio: 0.11, recommended: 0 };
    expect(weightAdvice(0.11, { sweeps: [more, gaining] }).promptLossWeight).toBe(0.01);
    const { promptLossWeight, start } = weightAdvice(0.11, { sweeps: [gaining, none] });
    expect(promptLossWeight).toBe(0);
    expect(start).toMatch(/^start with 0: no other was better by enough/);
  });

  it('is 0 where another sweep near it shows that weight to be worse', () => {
    const refuting = { ...short, weights: [at(0.01, 'different', false, 0.04)] };
    expect(weightAdvice(0.1, { sweeps: [gaining, refuting] }).promptLossWeight).toBe(0);
  });

  it('is the smallest that is not told from 0 where the model keeps more, unless a weight was better', () => {
    const keeping = {
      ...short,
      weights: [at(0.01, 'inconclusive', false, 0.006, 0.615), at(0.1, 'different', false, 0.12, 0.7)],
    };
    const larger = { ...keeping, model: 'large', weights: [at(0.01, 'inconclusive', false, 0.009, 0.475)] };
    const advice = weightAdvice(0.1, { sweeps: [keeping, larger] });
    expect(advice).toMatchObject({
      promptLossWeight: 0.01,
      start: 'start with 0.01: not told from 0 at the task, and more of the language before stays',
    });
    expect(advice.evidence.map((line) => line.split('; ').at(-1))).toEqual([
      'klBase 62 to 70 % lower at 0.01, 0.1',
      'klBase 48 % lower at 0.01',
    ]);
    const losing = { ...larger, weights: [at(0.01, 'different', false, 0.04, 0.5)] };
    expect(weightAdvice(0.1, { sweeps: [keeping, losing] }).promptLossWeight).toBe(0);
    const better = { ...gaining, recommended: 0.1, weights: [at(0.1, 'different', true, 0.1)] };
    expect(weightAdvice(0.1, { sweeps: [larger, better] }).promptLossWeight).toBe(0.1);
  });

  it('is not known far from what was measured, nor where the loss was divided otherwise', () => {
    for (const advice of [
      weightAdvice(2, { sweeps: [short] }),
      weightAdvice(0.15, { sweeps: [short], lossNormalization: 'completion-count' }),
      weightAdvice(Number.POSITIVE_INFINITY, { sweeps: [short] }),
    ]) {
      expect(advice).toMatchObject({ promptLossWeight: null, evidence: [] });
      expect(advice.sureness).toMatch(/^Nothing is known/);
    }
    expect(weightAdvice(2, { sweeps: [short] }).start).toContain('R_g of 2 (measured at 0.15)');
  });
});

it('what was measured of a loss counts as better where it is lower, and what was kept where its interval says so', () => {
  const chance = { interval: null, pValue: null, pCorrected: null, pEquivalent: null, moreSeeds: 3 } as const;
  const { seeds, lossNormalization, isTuned, model, generationRatio } = short;
  const conditions = { seeds, lossNormalization, isTuned, model, generationRatio };
  const outcome = {
    name: 'completionLoss',
    direction: 'lower-is-better',
    margin: 0.02,
    rows: 9,
    detectable: 0.01234,
    curve: null,
    byWeight: [
      { weight: 0, mean: 1, difference: null },
      { weight: 0.1, mean: 0.9, difference: { ...chance, seeds: 4, effect: -0.1, verdict: 'inconclusive' } },
    ],
  } as const;
  const klBase = (interval: [number, number]) =>
    ({
      ...outcome,
      name: 'klBase',
      byWeight: [
        { weight: 0, mean: 0.4, difference: null },
        {
          ...{ weight: 0.1, mean: 0.3 },
          difference: { ...chance, interval, seeds: 4, effect: -0.1, verdict: 'inconclusive' },
        },
      ],
    }) as const;
  const of = (...outcomes: Parameters<typeof measuredSweep>[1]['outcomes']) =>
    measuredSweep('one', { primary: 'completionLoss', outcomes, recommended: null }, conditions);
  expect(of(outcome)).toEqual({
    ...conditions,
    ...{ name: 'one', outcome: 'completionLoss', detectable: 0.0123, recommended: null },
    weights: [at(0.1, 'inconclusive', true, 0.1)],
  });
  expect(of(outcome, klBase([-0.15, -0.05])).weights[0]?.kept).toBe(0.25);
  expect(of(outcome, klBase([-0.15, 0.05])).weights[0]?.kept).toBeNull();
});

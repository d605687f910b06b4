import { expect, test } from 'vitest';
import type { SweepAnalysis } from './analysis.ts';
import { analyzeSweep } from './analyze-sweep.ts';
import { EXACT_MATCH, type Simulation, simulatedTrials, WEIGHTS } from './test-support/simulated-trials.ts';

/**
 * What the words are worth, on sweeps whose truth is known (8 seeds, weights 0, 0.1, 0.3 and 1, exact match of 0.5, which
 * differs by 0.02 between trainings): how often each is said in so many simulations. Counts are the same each time, because
 * everything is drawn from seeds.
 *
 *                                       different   optimum   a weight recommended
 *     no effect, 500 sweeps               0.036      0          0.004
 *     no effect but on these rows, 200    0.035      0          0
 *     0.12 at weight 0.1, 200 rows        0.95       0.98       0.95
 *     0.06 at weight 0.1, 500 rows        0.78       0.73       0.77
 *     the same with 6 seeds               0.43       0.25       0.43
 */
const weights = [0, 0.1, 0.3, 1];
const same = [0.5, 0.5, 0.5, 0.5];

function shares(count: number, simulation: Simulation, said: Record<string, (analysis: SweepAnalysis) => boolean>) {
  const counts = Object.fromEntries(Object.keys(said).map((name) => [name, 0]));
  for (let run = 0; run < count; run++) {
    const trials = simulatedTrials(run, { weights, rows: 60, ...simulation });
    const analysis = analyzeSweep(trials, { metrics: EXACT_MATCH, samples: 200, seed: run });
    for (const [name, is] of Object.entries(said)) counts[name]! += Number(is(analysis));
  }
  return Object.fromEntries(Object.entries(counts).map(([name, number]) => [name, number / count]));
}

const said = {
  different: ({ claims }: SweepAnalysis) => claims[0]?.verdict === 'different',
  equivalent: ({ claims }: SweepAnalysis) => claims[0]?.verdict === 'equivalent',
  optimum: ({ claims }: SweepAnalysis) => claims[1]?.holds === true,
  single: ({ outcomes }: SweepAnalysis) => outcomes[0]!.byWeight.some((own) => own.difference?.verdict === 'different'),
  weightAboveZero: ({ recommended }: SweepAnalysis) => (recommended?.promptLossWeight ?? 0) > 0,
};

test('no effect: in 500 sweeps at most 5 % of each false finding', { timeout: 180_000 }, () => {
  const found = shares(500, { accuracy: same }, said);
  for (const name of ['different', 'optimum', 'single', 'weightAboveZero']) {
    expect(found[name], name).toBeLessThanOrEqual(0.05);
  }
});

test('no effect, with the weights and seeds that a sweep has by default', { timeout: 180_000 }, () => {
  const found = shares(200, { accuracy: WEIGHTS.map(() => 0.5), weights: WEIGHTS, seeds: 6 }, said);
  for (const name of ['different', 'optimum', 'single', 'weightAboveZero']) {
    expect(found[name], name).toBeLessThanOrEqual(0.05);
  }
});

test('no effect but on these very rows, with every seed: no more than that', { timeout: 180_000 }, () => {
  const found = shares(200, { accuracy: same, betweenRows: 0.3 }, said);
  // Seeds alone cannot know that: a sign-flip test by itself finds a difference in a third of these.
  for (const name of ['different', 'single']) expect(found[name], name).toBeLessThanOrEqual(0.05);
});

test('a difference of the margin is called equivalent in at most 5 %', { timeout: 180_000 }, () => {
  const edge = { accuracy: [0.5, 0.56, 0.5, 0.5], weights: [0, 0.1, 0.3, 1], rows: 400, betweenTrials: 0.01 };
  const margins = { exactMatch: 0.06 };
  let wrong = 0;
  for (let run = 0; run < 100; run++) {
    const analysis = analyzeSweep(simulatedTrials(run, edge), { metrics: EXACT_MATCH, samples: 200, margins });
    wrong += Number(analysis.claims[0]?.verdict === 'equivalent');
  }
  expect(wrong).toBeLessThanOrEqual(5);
});

test('power: an optimum 0.12 above both ends', { timeout: 180_000 }, () => {
  const planted = shares(100, { accuracy: [0.5, 0.62, 0.5, 0.5], rows: 200 }, said);
  expect(planted.different).toBeGreaterThanOrEqual(0.95);
  expect(planted.optimum).toBeGreaterThanOrEqual(0.8);
  expect(planted.weightAboveZero).toBeGreaterThanOrEqual(0.8);
});

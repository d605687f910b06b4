import { expect, test } from 'vitest';
import { analyzeSweep } from './analyze-sweep.ts';
import { describeAnalysis } from './describe-analysis.ts';
import type { TrialObservation } from './observations.ts';
import { EXACT_MATCH, type Simulation, simulatedTrials, WEIGHTS } from './test-support/simulated-trials.ts';
import { weightCharts } from './weight-chart.ts';

const analysisOf = (simulation: Simulation, options = {}) =>
  analyzeSweep(simulatedTrials(1, simulation), { metrics: EXACT_MATCH, ...options });

test('a planted optimum is found, named and recommended', () => {
  const analysis = analysisOf({ accuracy: [0.5, 0.52, 0.55, 0.65, 0.5, 0.3], rows: 200 });
  const [a, b] = analysis.claims;
  expect(a).toMatchObject({ claim: 'a', verdict: 'different', holds: false });
  expect(b).toMatchObject({ claim: 'b', verdict: 'different', holds: true, pValue: 2 / 2 ** 8 });
  expect(b?.effect).toBeCloseTo(0.15, 1);
  expect(b?.interval?.[0]).toBeGreaterThan(0);
  expect(analysis.recommended).toMatchObject({ promptLossWeight: 0.1, interval: [0.1, 0.1], promptShare: 0.5 });
  const at = analysis.outcomes[0]?.byWeight.find(({ weight }) => weight === 0.1);
  expect(at?.difference).toMatchObject({ seeds: 8, verdict: 'different', moreSeeds: null });
  expect(at?.difference?.pCorrected).toBeGreaterThanOrEqual(at?.difference?.pValue ?? 1);
});

test('a quadratic’s vertex is an optimum between the ends, and a curve that is none of a quadratic’s has none', () => {
  const quadratic = WEIGHTS.map((weight) => 0.7 - (weight ** 0.30103 - 0.5) ** 2);
  const { curve } = analysisOf({ accuracy: quadratic, rows: 300 }).outcomes[0]!;
  expect(curve?.misses).toEqual([]);
  expect(curve?.optimum?.weight).toBeGreaterThan(0.03);
  expect(curve?.optimum?.weight).toBeLessThan(0.3);
  const [low, high] = curve!.optimum!.interval;
  expect(low < 0.1 && high > 0.1).toBe(true);
  // Level, then falling: a parabola through it has a vertex where nothing is better than 0.
  const falling = analysisOf({ accuracy: [0.6, 0.6, 0.6, 0.6, 0.35, 0.1], rows: 300 }).outcomes[0]!;
  expect(falling.curve?.best.weight).toBeGreaterThan(0);
  expect(falling.curve?.misses.length).toBeGreaterThan(0);
  expect(falling.curve?.optimum).toBeNull();
  // Only rising: best at an end.
  const rising = WEIGHTS.map((weight) => 0.3 + 0.4 * weight ** 0.30103);
  expect(analysisOf({ accuracy: rising, rows: 300 }).outcomes[0]?.curve?.optimum).toBeNull();
});

test('no effect: equivalent where that was shown, and weight 0 recommended', () => {
  const quiet = { accuracy: [0.5, 0.5, 0.5], weights: [0, 0.1, 1], seeds: 12, rows: 400, betweenTrials: 0.002 };
  const analysis = analysisOf(quiet, { margins: { exactMatch: 0.05 } });
  expect(analysis.claims[0]).toMatchObject({ verdict: 'equivalent', holds: true, moreSeeds: null });
  expect(analysis.claims[1]).toMatchObject({ verdict: 'equivalent', holds: false });
  expect(analysis.recommended).toMatchObject({ promptLossWeight: 0, gain: 0 });
  expect(analysis.outcomes[0]?.margin).toBe(0.05);
});

test('no effect, and too few seeds to say so: how many more would tell', () => {
  const analysis = analysisOf({ accuracy: [0.5, 0.5, 0.5], weights: [0, 0.1, 1], seeds: 6 });
  expect(analysis.claims[0]).toMatchObject({ verdict: 'inconclusive', holds: null });
  expect(analysis.claims[0]?.moreSeeds).toBeGreaterThan(6);
  expect(analysis.claims[0]?.sentence).toMatch(/6 seeds do not tell; about \d+ more would/);
  expect(analysis.recommended).toBeNull();
});

test('a high weight that does harm: different, and no optimum', () => {
  const analysis = analysisOf({ accuracy: [0.5, 0.49, 0.49, 0.36, 0.3, 0.13], rows: 500 });
  expect(analysis.claims[0]).toMatchObject({ verdict: 'different' });
  expect(analysis.claims[0]?.effect).toBeLessThan(-0.3);
  expect(analysis.claims[1]?.holds).not.toBe(true);
  expect(analysis.recommended?.promptLossWeight ?? 0).toBe(0);
});

test('each weight is compared at the values of other axes that are best for it on validation rows', () => {
  const at = (weight: number, learningRate: number, seed: number, validation: number, outcome: number) => ({
    ...trialOf(weight, seed, { completionLoss: outcome }, { completionLoss: validation }),
    settings: { learningRate },
  });
  const trials = [0, 1, 2].flatMap((seed) => [
    at(0, 1e-4, seed, 2, 2 + 0.01 * seed),
    at(0, 3e-4, seed, 1, 1 + 0.01 * seed),
    // Better on test rows, which do not choose.
    at(0.1, 1e-4, seed, 1.5, 1.5),
    at(0.1, 3e-4, seed, 1.6, 0.1),
  ]);
  // The best by far, but of one seed.
  trials.push(at(0.1, 1e-3, 0, 0.1, 0.1));
  const { weights, outcomes } = analyzeSweep(trials);
  expect(weights.map(({ settings }) => settings)).toEqual([{ learningRate: 3e-4 }, { learningRate: 1e-4 }]);
  expect(weights[1]?.candidates).toEqual([
    { settings: { learningRate: 1e-4 }, validation: 1.5, seeds: 3 },
    { settings: { learningRate: 3e-4 }, validation: expect.closeTo(1.6), seeds: 3 },
    { settings: { learningRate: 1e-3 }, validation: 0.1, seeds: 1 },
  ]);
  expect(outcomes[0]?.byWeight[1]?.difference?.effect).toBeCloseTo(0.49, 10);
});

test('nearer to the pretrained weights, and no nearer at equal validation loss', () => {
  const trials = trialsOf(8, [0, 0.1, 1], (weight, wobble) => {
    // Weight 0.1 goes the same way, but less far.
    const way = weight === 0.1 ? 0.6 : 1;
    const path = [0, 1, 2, 3, 4].map((step) => {
      const done = (way * step) / 4;
      return { step, validationLoss: 3 - 2 * done, distanceL2: (10 + wobble) * done };
    });
    return { outcomes: { distanceL2: (10 + wobble) * way, gap: weight === 1 ? 0.1 + wobble / 20 : 0.3 }, path };
  });
  const [, , c, d] = analyzeSweep(trials).claims;
  expect(c).toMatchObject({ verdict: 'different', holds: null });
  expect(c?.effect).toBeCloseTo(-4, 0);
  expect(c?.evidence[0]).toMatch(/^At equal validation loss: .* equivalent\.$/);
  expect(d).toMatchObject({ verdict: 'different', holds: true });
  const withoutPath = trials.map(({ path: _, ...trial }) => trial);
  const [, , alone] = analyzeSweep(withoutPath).claims;
  expect(alone).toMatchObject({ holds: true });
  expect(alone?.evidence[0]).toContain('At equal validation loss nothing is known');
});

test('a smaller gap is no gain where less was learnt', () => {
  const measured = (completionLoss: number) =>
    trialsOf(8, [0, 1], (weight, wobble) => ({
      outcomes: {
        gap: (weight === 1 ? 0.1 : 0.3) + wobble / 20,
        completionLoss: (weight === 1 ? completionLoss : 1) + wobble / 20,
      },
    }));
  const claimOf = (completionLoss: number) => analyzeSweep(measured(completionLoss)).claims[3];
  expect(claimOf(1)).toMatchObject({ verdict: 'different', holds: true });
  expect(claimOf(0.5)).toMatchObject({ verdict: 'different', holds: true });
  expect(claimOf(1.5)).toMatchObject({ verdict: 'different', holds: null });
  expect(claimOf(1.5)?.evidence.at(-1)).toContain('learnt less');
});

test('a metric in which nothing that matters differs does not judge weights', () => {
  // One right answer in one trial of all.
  const trials = trialsOf(8, [0, 1], (weight, wobble) => ({
    outcomes: { exactMatch: weight === 1 && wobble > 0.09 ? 0.005 : 0, completionLoss: 1 - weight / 2 + wobble / 20 },
  }));
  expect(analyzeSweep(trials, { metrics: EXACT_MATCH }).primary).toBe('completionLoss');
});

test('a weight that is better by less than matters is not recommended, nor one whose answers do not end', () => {
  const recommendedOf = (gain: number, cutShare: number) =>
    analyzeSweep(
      trialsOf(8, [0, 1], (weight, wobble) => ({
        outcomes: { completionLoss: 1 - weight * gain + wobble / 100, cutShare: weight * cutShare },
      })),
    );
  expect(recommendedOf(0.1, 0).recommended?.promptLossWeight).toBe(1);
  const little = recommendedOf(0.01, 0);
  expect(little.recommended?.promptLossWeight).toBe(0);
  expect(little.recommendation).toMatch(/^Weight 0: 1 was best on validation rows, by less than 0\.02 /);
  const endless = recommendedOf(0.1, 0.6);
  expect(endless.recommended?.promptLossWeight).toBe(0);
  expect(endless.recommendation).toMatch(/Left out, because fewer answers end there: 1\.$/);
});

test('where 0 is chosen, weights that are worse by far do not keep seeds from telling', () => {
  const analysis = analysisOf({ accuracy: [0.5, 0.5, 0.2], weights: [0, 0.1, 1], seeds: 6, rows: 400 });
  expect(analysis.recommended).toBeNull();
  expect(analysis.recommendation).toMatch(/6 seeds do not tell; about \d+ more would/);
});

test('the claims speak of long and of short completions', () => {
  const simulation = { accuracy: [0.5, 0.52, 0.55, 0.65, 0.5, 0.3], rows: 200 };
  const holds = (generationRatio: number) =>
    analysisOf(simulation, { generationRatio }).claims.map((claim) => claim.holds);
  expect(holds(0.1).slice(0, 2)).toEqual([null, true]);
  expect(holds(4).slice(0, 2)).toEqual([false, null]);
});

test('an analysis is plain JSON, the same for the same trials in any order', () => {
  const trials = simulatedTrials(2, { accuracy: [0.5, 0.5, 0.5, 0.6, 0.5, 0.3], seeds: 4 });
  const analysis = analyzeSweep(trials, { metrics: EXACT_MATCH });
  expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
  expect(analyzeSweep([...trials].reverse(), { metrics: EXACT_MATCH })).toEqual(analysis);
  expect(describeAnalysis(JSON.parse(JSON.stringify(analysis)))).toEqual(describeAnalysis(analysis));
});

test('what is drawn: a point a weight, and the curve', () => {
  const chart = weightCharts(analysisOf({ accuracy: [0.5, 0.52, 0.55, 0.65, 0.5, 0.3] }))[0]!;
  expect(chart.outcome).toBe('exactMatch');
  expect(chart.points.map(({ weight }) => weight)).toEqual(WEIGHTS);
  expect(chart.points.map(({ x }) => Number(x.toFixed(3)))).toEqual([0, 0.25, 0.348, 0.5, 0.696, 1]);
  expect(chart.points[0]).toMatchObject({ effect: 0, interval: null });
  expect(chart.curve[0]?.x).toBe(0);
  expect(chart.curve.at(-1)?.x).toBe(1);
});

function trialOf(
  weight: number,
  seed: number,
  outcomes: Record<string, number>,
  validation: Record<string, number> = outcomes,
): TrialObservation {
  return { trial: `${weight}-${seed}`, weight, settings: {}, seed, promptShare: weight / 2, outcomes, validation };
}

/** Trials of which each seed wobbles a little, the same at every weight but for a hair. */
function trialsOf(
  seeds: number,
  weights: readonly number[],
  of: (weight: number, wobble: number) => Pick<TrialObservation, 'outcomes' | 'path'>,
): TrialObservation[] {
  return Array.from({ length: seeds }, (_, seed) =>
    weights.map((weight, i): TrialObservation => {
      const { outcomes, path } = of(weight, 0.1 * Math.sin(7 * seed + i));
      return { ...trialOf(weight, seed, { ...outcomes }), ...(path && { path }) };
    }),
  ).flat();
}

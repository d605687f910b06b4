import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyzeSweep } from './analyze-sweep.ts';
import { describeAnalysis } from './describe-analysis.ts';
import type { TrialObservation } from './observations.ts';
import { EXACT_MATCH, simulatedTrials } from './test-support/simulated-trials.ts';
import { weightCharts } from './weight-chart.ts';

const trials = (seeds: number) => simulatedTrials(3, { accuracy: [0.5, 0.5, 0.5, 0.6, 0.5, 0.3], seeds, rows: 40 });
const analyze = (own: readonly TrialObservation[]) => analyzeSweep(own, { metrics: EXACT_MATCH, samples: 200 });

test('no trial at all', () => {
  const analysis = analyze([]);
  expect(analysis.notes).toEqual(['No trial is done: there is nothing to analyse.']);
  expect(analysis.claims.map(({ verdict }) => verdict)).toEqual(Array(4).fill('inconclusive'));
  expect(analysis.recommended).toBeNull();
});

test('one seed: differences, and nothing of chance', () => {
  const analysis = analyze(trials(1));
  expect(analysis.notes[0]).toMatch(/^One seed shows nothing of chance/);
  const { difference } = analysis.outcomes[0]!.byWeight[3]!;
  expect(difference).toMatchObject({
    seeds: 1,
    interval: null,
    pValue: null,
    pCorrected: null,
    pEquivalent: null,
    moreSeeds: 5,
  });
  expect(difference?.verdict).toBe('inconclusive');
  expect(difference?.effect).not.toBeNull();
  expect(analysis.outcomes[0]).toMatchObject({ detectable: null, curve: null });
  expect(analysis.recommended).toBeNull();
});

test('two seeds, and five: what cannot be shown with them', () => {
  expect(analyze(trials(2)).notes).toEqual(['2 seeds cannot show a difference at 5 % (p ≥ 0.5): it takes 6.']);
  expect(analyze(trials(2)).claims.every(({ verdict }) => verdict !== 'different')).toBe(true);
  expect(analyze(trials(6)).notes).toEqual([]);
});

test('without weight 0 there is nothing to compare with', () => {
  const analysis = analyze(trials(6).filter(({ weight }) => weight > 0));
  expect(analysis.notes[0]).toBe('No trial at weight 0 is done: there is nothing to compare the others with.');
  expect(analysis.recommended).toBeNull();
  expect(analysis.recommendation).toMatch(/nothing to compare weight 0 with/);
});

test('trials that failed are named, and the pairs that are left are compared', () => {
  const analysis = analyze(trials(8).filter(({ weight, seed }) => weight !== 0.1 || seed > 1));
  expect(analysis.notes).toContain('Weight 0.1: seed 0, 1 missing; compared on the other 6.');
  expect(analysis.outcomes[0]?.byWeight.map(({ difference }) => difference?.seeds)).toEqual([undefined, 8, 8, 6, 8, 8]);
});

test('a weight of which every trial failed is named', () => {
  const left = trials(6).filter(({ weight }) => weight !== 0.3);
  const { notes } = analyzeSweep(left, { metrics: EXACT_MATCH, samples: 200, weights: [0, 0.01, 0.03, 0.1, 0.3, 1] });
  expect(notes).toEqual(['Weight 0.3: no trial of it is done, so that nothing is said of it.']);
});

test('numbers that are NaN are not measured', () => {
  const broken = trials(6).map((trial) =>
    trial.weight === 0.3 ? { ...trial, outcomes: { exactMatch: Number.NaN }, rows: {} } : trial,
  );
  const analysis = analyze(broken);
  expect(analysis.notes).toContain('exactMatch: not measured at weight 0.3.');
  expect(analysis.outcomes[0]?.byWeight[4]).toMatchObject({ mean: null, difference: { seeds: 0, effect: null } });
  expect(
    analyze(trials(6).map((trial) => ({ ...trial, outcomes: { exactMatch: Number.NaN } }))).recommended,
  ).toBeNull();
});

test('a metric that is the same in every trial hands over to the next that tells more', () => {
  const long = trials(8).map((trial) => {
    const outcomes = { exactMatch: 0, completionLoss: 2.7 - trial.weight / 10 + trial.seed / 1e3 };
    return { ...trial, outcomes, validation: outcomes, rows: {} };
  });
  const analysis = analyze(long);
  expect(analysis.primary).toBe('completionLoss');
  expect(analysis.claims[0]).toMatchObject({ verdict: 'different' });
  expect(analysis.recommended?.promptLossWeight).toBe(1);
  expect(analysis.notes).toContain('exactMatch is the same in every trial: it tells nothing.');
});

test('values that are all the same tell nothing; differences that are, a lot', () => {
  const constant = trials(8).map((trial) => ({ ...trial, outcomes: { exactMatch: 0 }, rows: {} }));
  const analysis = analyze(constant);
  expect(analysis.notes).toContain('exactMatch is the same in every trial: it tells nothing.');
  expect(analysis.claims[0]).toMatchObject({ verdict: 'inconclusive', holds: null });
  expect(analysis.outcomes[0]?.byWeight[1]?.difference).toMatchObject({ verdict: 'inconclusive', moreSeeds: null });
  // Two seeds that agree have shown little.
  const agreeing = (seeds: number) => {
    const alike = trials(seeds).map((trial) => ({
      ...trial,
      outcomes: { exactMatch: trial.weight === 1 ? 0.9 : 0.5 },
      rows: {},
    }));
    return analyze(alike).outcomes[0]!.byWeight[1]!.difference;
  };
  expect(agreeing(2)).toMatchObject({ effect: 0, pEquivalent: 0.25, verdict: 'inconclusive', moreSeeds: 3 });
  expect(agreeing(5)).toMatchObject({ effect: 0, verdict: 'equivalent' });
  const shifted = trials(8).map((trial) => {
    return { ...trial, outcomes: { exactMatch: 0.1 + trial.weight / 2 }, rows: {} };
  });
  const { byWeight, detectable } = analyze(shifted).outcomes[0]!;
  expect(byWeight[5]?.difference).toMatchObject({ verdict: 'different', pValue: 2 / 2 ** 8 });
  expect(byWeight[1]?.difference).toMatchObject({ verdict: 'equivalent' });
  expect(detectable).toBe(0);
});

test('rows of other lengths are not paired, and trials that are there twice are one', () => {
  const own = trials(6);
  const cut = own.map((trial, i) => (i === 3 ? { ...trial, rows: { exactMatch: [1, 0] } } : trial));
  expect(analyze(cut).notes.at(-1)).toBe(
    'exactMatch: trials have 40, 2 rows, so that rows cannot be paired everywhere.',
  );
  expect(analyze([...own, own[0]!]).notes.join()).toContain(
    'Trials that are there twice count once, as the later one: 0-0.',
  );
});

test('names that nothing has, and margins that are none, are said', () => {
  const { notes, primary } = analyzeSweep(trials(8), { primary: 'exactMatsch', margins: { bleu: 1, exactMatch: 0 } });
  expect(primary).toBeNull();
  expect(notes).toContain('There is no outcome exactMatsch: there are exactMatch.');
  expect(notes).toContain('There is no outcome bleu: there are exactMatch.');
  expect(notes).toContain('A margin of 0 is none: nothing can be shown to be equivalent in exactMatch.');
});

test('whatever trials say, there is an analysis in words and no NaN', () => {
  const number = fc.oneof(
    fc.double({ noNaN: false }),
    fc.constantFrom(0, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY),
  );
  const values = fc.dictionary(fc.constantFrom('exactMatch', 'completionLoss', 'distanceL2', 'gap', 'odd'), number);
  const point = fc.record({ step: fc.nat(), validationLoss: number, distanceL2: number });
  const trial = fc.record({
    trial: fc.string(),
    weight: fc.constantFrom(0, 0.03, 0.1, 0.3, 1),
    settings: fc.record({ learningRate: fc.constantFrom(1, 2) }),
    seed: fc.nat(3),
    promptShare: number,
    outcomes: values,
    validation: values,
    rows: fc.record({ exactMatch: fc.array(number, { maxLength: 3 }) }),
    path: fc.array(point, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(trial, { maxLength: 20 }), (own) => {
      const analysis = analyzeSweep(own, { metrics: EXACT_MATCH, samples: 40 });
      const lines = describeAnalysis(analysis);
      expect(lines.join('\n')).not.toMatch(/NaN|undefined|null/);
      expect(analysis.claims.map(({ claim }) => claim)).toEqual(['a', 'b', 'c', 'd']);
      weightCharts(analysis);
    }),
    { numRuns: 60 },
  );
});

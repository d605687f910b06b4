import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertAxes, comparedTrials, pointsOf, type SweepPlan, trainingOf, tuningTrials } from './plan.ts';

const file = { file: 'rows.jsonl', sha256: 'aa' };
const plan: SweepPlan = {
  format: 1,
  recipe: { name: 'plain', options: {} },
  metrics: [],
  training: { epochs: 2, templateDate: '2026-01-31' },
  evalSplit: 0.2,
  axes: { promptLossWeight: [0, 0.1, 1] },
  seeds: [0, 1],
  inputs: { data: [file], evalData: [], model: [file], adapter: [], tokenizer: [] },
  rows: { generationRatio: 0.1, train: 8, validation: 1, test: 1 },
  neutral: 'cc',
  margins: {},
};
const ids = (of: SweepPlan) => comparedTrials(of).map(({ id }) => id);

describe('trials', () => {
  it('are every point under every seed, whole comparisons first', () => {
    const trials = comparedTrials(plan).map(({ settings, seed }) => [seed, settings.promptLossWeight]);
    expect(trials).toEqual([0, 1].flatMap((seed) => [0, 0.1, 1].map((weight) => [seed, weight])));
  });

  it('are named by what they are: each has a name of its own, and it is the same tomorrow', () => {
    expect(new Set(ids(plan)).size).toBe(6);
    expect(ids(plan)).toEqual(ids(JSON.parse(JSON.stringify(plan))));
  });

  it('keep their names as seeds and weights are added, and get others where anything else changes', () => {
    const more = {
      ...plan,
      axes: { promptLossWeight: [0, 0.03, 0.1, 1] },
      seeds: [0, 1, 2],
      margins: { exactMatch: 1 },
    };
    expect(ids(more)).toEqual(expect.arrayContaining(ids(plan)));
    const others: Partial<SweepPlan>[] = [
      { training: { ...plan.training, epochs: 3 } },
      { recipe: { name: 'plain', options: { a: 1 } } },
      { evalSplit: 0.3 },
      { inputs: { ...plan.inputs, data: [{ file: 'rows.jsonl', sha256: 'bb' }] } },
      { inputs: { ...plan.inputs, tokenizer: [file] } },
      { neutral: 'dd' },
      // Rows to find rates on are taken out of those that are compared on.
      { tune: [2e-4] },
    ];
    for (const other of others) {
      expect(ids({ ...plan, ...other }).filter((id) => ids(plan).includes(id))).toEqual([]);
    }
  });

  it('are the same trials where only their saving differs, or a default is spelt out', () => {
    const saved = { ...plan, training: { ...plan.training, checkpointEvery: 5, saveWaitSeconds: 1, batchSize: 8 } };
    expect(ids(saved)).toEqual(ids(plan));
    expect(ids({ ...plan, training: { ...plan.training, learningRate: 2e-4 } })).toEqual(ids(plan));
  });

  it('have the options of the plan, their own settings and their seed', () => {
    const trial = comparedTrials(plan)[4];
    expect(trial && trainingOf(plan, trial)).toMatchObject({ epochs: 2, promptLossWeight: 0.1, seed: 1 });
  });

  it('are tuned each at its own best learning rate, under a seed that is not compared', () => {
    const tuned = { ...plan, tune: [1e-4, 3e-4] };
    const tuning = tuningTrials(tuned);
    expect(tuning.map(({ settings }) => [settings.promptLossWeight, settings.learningRate])).toEqual(
      [0, 0.1, 1].flatMap((weight) => [1e-4, 3e-4].map((rate) => [weight, rate])),
    );
    expect(plan.seeds).not.toContain(tuning[0]?.seed);
    const rates = comparedTrials(tuned, ({ promptLossWeight }) => (promptLossWeight === 0 ? 1e-4 : 3e-4));
    expect(rates.map(({ settings }) => settings.learningRate)).toEqual([1e-4, 3e-4, 3e-4, 1e-4, 3e-4, 3e-4]);
  });
});

describe('points', () => {
  it('are every combination once, those that share a model side by side', () => {
    const axis = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(axis, axis, axis, (promptLossWeight, loraRank, batchSize) => {
        const points = pointsOf({ promptLossWeight, loraRank, batchSize });
        expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(
          promptLossWeight.length * loraRank.length * batchSize.length,
        );
        const changes = points.filter((point, i) => i > 0 && point.loraRank !== points[i - 1]?.loraRank);
        expect(changes.length).toBe(loraRank.length - 1);
      }),
    );
  });
});

describe('axes', () => {
  it.each([
    [{ learninRate: [1] }, 'There is no option learninRate'],
    [{ seed: [1, 2] }, 'seed cannot be varied'],
    [{ maxLength: [64, 128] }, 'decides which rows there are'],
    [{ splitSeed: [1, 2] }, 'decides which rows there are'],
    [{ cache: [true, false] }, 'changes nothing that is learnt'],
    [{ batchSize: [] }, 'no value of batchSize'],
    [{ batchSize: [4, 4] }, 'given twice'],
    [{ epochs: [1, 2] }, 'given as an option and varied too'],
  ])('that are none are refused: %o', (axes, problem) => {
    expect(() => assertAxes(axes, { epochs: 3 })).toThrow(problem);
  });
});

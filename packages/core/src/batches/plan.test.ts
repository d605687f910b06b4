import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MicroBatch, planTraining } from './plan.ts';

type Options = Parameters<typeof planTraining>[1];

const defaults: Options = { batchSize: 4, gradientAccumulation: 1, epochs: 1, seed: 0, shuffle: true };
const plan = (rows: number, options: Partial<Options> = {}) =>
  planTraining({ lengths: Array.from({ length: rows }, (_, i) => 5 + ((i * 7) % 40)) }, { ...defaults, ...options });

/** The examples of a micro-batch, by number. */
const numbersIn = (batch: MicroBatch): number[] => batch.flatMap((row) => row.examples);

/** All steps of a plan, each asked for in order. */
const stepsOf = (made: ReturnType<typeof planTraining>) =>
  Array.from({ length: made.steps }, (_, step) => made.at(step));

describe('a training plan', () => {
  const anyOptions = fc.record({
    batchSize: fc.integer({ min: 1, max: 9 }),
    gradientAccumulation: fc.integer({ min: 1, max: 4 }),
    epochs: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
    shuffle: fc.boolean(),
  });

  it('shows every example once an epoch, in micro-batches no larger than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), anyOptions, (rows, options) => {
        const seen = new Map<number, number[]>();
        for (const { epoch, microBatches } of stepsOf(plan(rows, options))) {
          expect(microBatches.length).toBeLessThanOrEqual(options.gradientAccumulation);
          for (const batch of microBatches) {
            expect(batch.length).toBeLessThanOrEqual(options.batchSize);
            seen.set(epoch, [...(seen.get(epoch) ?? []), ...numbersIn(batch)]);
          }
        }
        const all = Array.from({ length: rows }, (_, i) => i);
        expect([...seen.keys()]).toEqual([0, 1, 2].slice(0, options.epochs));
        for (const epoch of seen.values()) expect([...epoch].sort((a, b) => a - b)).toEqual(all);
      }),
    );
  });

  it('is the same when it is taken up in the middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), anyOptions, fc.nat(), (rows, options, from) => {
        const whole = stepsOf(plan(rows, options));
        const first = from % whole.length;
        const resumed = plan(rows, options);
        for (let step = first; step < whole.length; step++) expect(resumed.at(step)).toEqual(whole[step]);
      }),
    );
  });

  it('gathers micro-batches into steps, and begins each epoch with a step of its own', () => {
    // 10 rows are 3 micro-batches of at most 4; two to a step make 2 steps an epoch.
    const steps = stepsOf(plan(10, { gradientAccumulation: 2, epochs: 2, shuffle: false }));
    const first = [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ];
    expect(steps.map(({ epoch, microBatches }) => ({ epoch, numbers: microBatches.map(numbersIn) }))).toEqual([
      { epoch: 0, numbers: first },
      { epoch: 0, numbers: [[8, 9]] },
      { epoch: 1, numbers: first },
      { epoch: 1, numbers: [[8, 9]] },
    ]);
  });

  it('counts steps by epochs, or as many as it is told', () => {
    expect(plan(40, { epochs: 3 }).steps).toBe(30);
    expect(plan(40, { epochs: 0.25 }).steps).toBe(3);
    expect(plan(40, { epochs: 1.5 }).steps).toBe(15);
    expect(plan(40, { epochs: 0.001 }).steps).toBe(1);
    expect(plan(40, { epochs: 3, maxSteps: 7 }).steps).toBe(7);
    expect(plan(40, { epochs: 1, maxSteps: 25 }).steps).toBe(25);
    expect(plan(40, { epochs: 1, maxSteps: 25 }).at(24)).toMatchObject({ epoch: 2 });
  });

  it('has another order in each epoch, and for each seed', () => {
    const order = (options: Partial<Options>, step: number) =>
      plan(60, { batchSize: 5, epochs: 2, ...options }).at(step).microBatches;
    expect(order({}, 0)).not.toEqual(order({}, 12));
    expect(order({}, 0)).not.toEqual(order({ seed: 1 }, 0));
    expect(order({}, 0)).toEqual(order({}, 0));
  });
});

it('draws epochs of the same length in proportions, the same from wherever a run goes on', () => {
  const options = { ...defaults, gradientAccumulation: 2, epochs: 3, seed: 7 };
  const lengths = Array.from({ length: 40 }, (_, i) => 5 + (i % 7));
  const groups = lengths.map((_, i) => (i < 30 ? 'many' : 'few'));
  const proportions = { groups, shares: { many: 0.25, few: 0.75 } };
  const made = planTraining({ lengths }, options, { proportions });
  expect(made.steps).toBe(15);
  for (const epoch of [0, 1, 2]) {
    const steps = Array.from({ length: 5 }, (_, i) => made.at(epoch * 5 + i));
    const drawn = steps.flatMap(({ microBatches }) => microBatches.flatMap(numbersIn));
    expect(drawn.filter((i) => groups[i] === 'many')).toHaveLength(10);
    expect(drawn.filter((i) => groups[i] === 'few')).toHaveLength(30);
  }
  expect(planTraining({ lengths }, options, { proportions }).at(11)).toEqual(made.at(11));
});

describe('a plan of packed rows', () => {
  const lengths = Array.from({ length: 200 }, (_, i) => 5 + ((i * 7) % 40));
  const packing = { rowLength: 64, lengths, groups: [{ examples: lengths.map((_, i) => i), prefix: 0 }] };
  const options = { ...defaults, epochs: 2.5, gradientAccumulation: 2, seed: 3 };

  it('shows every example once an epoch, and is the same when it is taken up in the middle', () => {
    const whole = planTraining({ lengths }, options, { packing });
    const steps = stepsOf(whole);
    for (const epoch of [0, 1]) {
      const shown = steps
        .filter((step) => step.epoch === epoch)
        .flatMap((step) => step.microBatches.flatMap(numbersIn));
      expect(shown.sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    }
    const resumed = planTraining({ lengths }, options, { packing });
    for (let step = steps.length - 1; step >= 0; step -= 5) expect(resumed.at(step)).toEqual(steps[step]);
  });

  it('counts the steps of each epoch by itself where what is drawn packs differently', () => {
    const groups = lengths.map((length) => (length < 20 ? 'short' : 'long'));
    const proportions = { groups, shares: { short: 0.7, long: 0.3 } };
    const made = planTraining(
      { lengths },
      { ...options, epochs: 3, batchSize: 1, gradientAccumulation: 1 },
      { packing, proportions },
    );
    const rows = [0, 1, 2].map((epoch) => made.batchesIn(epoch).length);
    expect(made.steps).toBe(rows.reduce((sum, count) => sum + count, 0));
    const epochs = stepsOf(made).map((step) => step.epoch);
    expect([0, 1, 2].map((epoch) => epochs.filter((one) => one === epoch).length)).toEqual(rows);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningRateAt, warmupStepsOf } from './schedule.ts';

type Schedule = Parameters<typeof learningRateAt>[1];

const rates = (options: Schedule): number[] =>
  Array.from({ length: options.steps }, (_, step) => Number(learningRateAt(step, options).toFixed(6)));

describe('the learning rate', () => {
  it('stays', () => {
    expect(rates({ schedule: 'constant', warmupSteps: 0, peak: 2, steps: 3 })).toEqual([2, 2, 2]);
  });

  it('falls in a line, so that it would be 0 after the last step', () => {
    expect(rates({ schedule: 'linear', warmupSteps: 0, peak: 8, steps: 4 })).toEqual([8, 6, 4, 2]);
  });

  it('falls along half a cosine', () => {
    const root = Number((1 + Math.SQRT1_2).toFixed(6));
    expect(rates({ schedule: 'cosine', warmupSteps: 0, peak: 2, steps: 4 })).toEqual([
      2,
      root,
      1,
      Number((2 - root).toFixed(6)),
    ]);
  });

  it('rises before it falls, and never begins at 0', () => {
    expect(rates({ schedule: 'linear', warmupSteps: 3, peak: 4, steps: 7 })).toEqual([1, 2, 3, 4, 3, 2, 1]);
    expect(rates({ schedule: 'constant', warmupSteps: 1, peak: 4, steps: 3 })).toEqual([2, 4, 4]);
  });

  it('only rises when the warm-up is as long as the run', () => {
    expect(rates({ schedule: 'cosine', warmupSteps: 4, peak: 5, steps: 4 })).toEqual([1, 2, 3, 4]);
  });

  it('falls to a share of the peak, like cosine_with_min_lr', () => {
    const floor = { warmupSteps: 0, peak: 2, steps: 4, minLearningRateRatio: 0.25 };
    expect(rates({ ...floor, schedule: 'linear' })).toEqual([2, 1.625, 1.25, 0.875]);
    // 0.25 + 0.75 · (1 + cos(π · step / 4)) / 2, of 2.
    expect(rates({ ...floor, schedule: 'cosine' })).toEqual([2, 1.78033, 1.25, 0.71967]);
    expect(rates({ ...floor, schedule: 'constant' })).toEqual([2, 2, 2, 2]);
  });

  it('rises over a share of the steps, rounded up', () => {
    const steps = (warmupRatio: number) => warmupStepsOf({ schedule: 'linear', peak: 1, steps: 10, warmupRatio });
    expect([0, 0.01, 0.1, 0.25, 0.99].map(steps)).toEqual([0, 1, 1, 3, 10]);
    expect(rates({ schedule: 'constant', warmupRatio: 0.5, peak: 3, steps: 4 })).toEqual([1, 2, 3, 3]);
  });

  it('is above 0 and at most the peak, in every step', () => {
    const options = fc.record({
      schedule: fc.constantFrom('constant' as const, 'linear' as const, 'cosine' as const),
      warmupSteps: fc.integer({ min: 0, max: 50 }),
      peak: fc.constant(1),
      steps: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(options, (schedule) => {
        for (let step = 0; step < schedule.steps; step++) {
          const rate = learningRateAt(step, schedule);
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

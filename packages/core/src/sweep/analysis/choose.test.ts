import { expect, test } from 'vitest';
import { armsOf } from './arms.ts';
import { armsThatEnd, bestArm, chosenArm } from './choose.ts';
import type { Comparison } from './comparison.ts';

const seeds = [0, 1, 2, 3];

/** Trials with a validation loss for each weight and seed. */
function comparisonOf(losses: Record<number, readonly number[]>): Comparison {
  const primary = { name: 'completionLoss', direction: 'lower-is-better', margin: { absolute: 0.02 } } as const;
  const trials = Object.entries(losses).flatMap(([weight, own]) =>
    own.map((completionLoss, seed) => ({
      trial: `${weight}-${seed}`,
      weight: Number(weight),
      settings: {},
      seed,
      promptShare: 0,
      outcomes: {},
      validation: { completionLoss },
    })),
  );
  const arms = armsOf(trials, primary);
  const baseline = arms.find(({ weight }) => weight === 0);
  const bootstrap = { samples: 400, seed: 0 };
  return { arms, baseline, seeds, outcomes: [primary], primary, generationRatio: undefined, bootstrap };
}

const chosen = (losses: Parameters<typeof comparisonOf>[0]) => {
  const comparison = comparisonOf(losses);
  return chosenArm(comparison, comparison.arms.slice(1));
};

test('the best weight on validation rows is chosen, and 0 within one standard error of it', () => {
  const zero = [1, 1, 1, 1];
  // Better by 0.1 ± 0.0408, and by 0.1 ± 0.1080.
  expect(chosen({ 0: zero, 0.1: [0.8, 0.9, 0.9, 1] })?.arm.weight).toBe(0.1);
  expect(chosen({ 0: zero, 0.1: [0.6, 0.9, 1, 1.1] })?.arm.weight).toBe(0);
  // The best one decides, even where another is surer.
  expect(chosen({ 0: zero, 0.1: [0.6, 0.9, 1, 1.1], 1: [0.95, 0.95, 0.95, 0.95] })?.arm.weight).toBe(0);
  expect(chosen({ 0: zero, 0.1: [1.1, 1.2, 1.1, 1.1] })?.arm.weight).toBe(0);
});

test('the interval holds what is chosen when seeds are drawn again', () => {
  const sure = chosen({ 0: [1, 1, 1, 1], 0.03: [0.7, 0.69, 0.71, 0.7], 0.3: [0.9, 0.9, 0.9, 0.9] });
  expect(sure?.interval).toEqual([0.03, 0.03]);
  const unsure = chosen({ 0: [1, 1, 1, 1], 0.03: [0.5, 0.9, 0.5, 0.9], 0.3: [0.9, 0.4, 0.9, 0.5] });
  expect(unsure?.interval).toEqual([0.03, 0.3]);
});

test('among some weights the best one, though 0 be better', () => {
  const comparison = comparisonOf({ 0: [1, 1, 1, 1], 0.1: [1.2, 1.2, 1.2, 1.2], 0.3: [1.1, 1.1, 1.1, Number.NaN] });
  expect(bestArm(comparison, comparison.arms.slice(1))?.weight).toBe(0.3);
  expect(bestArm(comparison, [])).toBeUndefined();
});

test('a weight whose answers no longer end is none to choose', () => {
  const { arms, ...comparison } = comparisonOf({ 0: [1, 1], 0.1: [0.9, 0.9], 1: [0.5, 0.5] });
  const cut = (shares: Record<number, number>) =>
    arms.map((arm) => ({
      ...arm,
      trials: new Map(
        [...arm.trials].map(([seed, trial]) => {
          return [
            seed,
            { ...trial, validation: { ...trial.validation, cutShare: shares[arm.weight] as number } },
          ] as const;
        }),
      ),
    }));
  const cutShare = { name: 'cutShare', direction: 'lower-is-better', margin: { absolute: 0.02 } } as const;
  const withShares = (shares: Record<number, number>) => {
    const own = cut(shares);
    return armsThatEnd({
      ...comparison,
      arms: own,
      baseline: own[0],
      outcomes: [...comparison.outcomes, cutShare],
    }).map(({ weight }) => weight);
  };
  expect(withShares({ 0: 0.05, 0.1: 0.06, 1: 0.6 })).toEqual([0.1]);
  expect(withShares({ 0: 0.6, 0.1: 0.06, 1: 0.6 })).toEqual([0.1, 1]);
  // Nobody has looked.
  expect(armsThatEnd({ ...comparison, arms }).map(({ weight }) => weight)).toEqual([0.1, 1]);
});

import { expect, test } from 'vitest';
import { armsOf } from './arms.ts';
import { bestArm, chosenArm } from './choose.ts';
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

test('the best weight on validation rows is chosen, and 0 within one standard error of it', () => {
  const zero = [1, 1, 1, 1];
  // Better by 0.1 ± 0.0408, and by 0.1 ± 0.1080.
  expect(chosenArm(comparisonOf({ 0: zero, 0.1: [0.8, 0.9, 0.9, 1] }))?.arm.weight).toBe(0.1);
  expect(chosenArm(comparisonOf({ 0: zero, 0.1: [0.6, 0.9, 1, 1.1] }))?.arm.weight).toBe(0);
  // The best one decides, even where another is surer.
  expect(chosenArm(comparisonOf({ 0: zero, 0.1: [0.6, 0.9, 1, 1.1], 1: [0.95, 0.95, 0.95, 0.95] }))?.arm.weight).toBe(
    0,
  );
  expect(chosenArm(comparisonOf({ 0: zero, 0.1: [1.1, 1.2, 1.1, 1.1] }))?.arm.weight).toBe(0);
});

test('the interval holds what is chosen when seeds are drawn again', () => {
  const sure = chosenArm(comparisonOf({ 0: [1, 1, 1, 1], 0.03: [0.7, 0.69, 0.71, 0.7], 0.3: [0.9, 0.9, 0.9, 0.9] }));
  expect(sure?.interval).toEqual([0.03, 0.03]);
  const unsure = chosenArm(comparisonOf({ 0: [1, 1, 1, 1], 0.03: [0.5, 0.9, 0.5, 0.9], 0.3: [0.9, 0.4, 0.9, 0.5] }));
  expect(unsure?.interval).toEqual([0.03, 0.3]);
});

test('among some weights the best one, though 0 be better', () => {
  const comparison = comparisonOf({ 0: [1, 1, 1, 1], 0.1: [1.2, 1.2, 1.2, 1.2], 0.3: [1.1, 1.1, 1.1, Number.NaN] });
  expect(bestArm(comparison, comparison.arms.slice(1))?.weight).toBe(0.3);
  expect(bestArm(comparison, [])).toBeUndefined();
});

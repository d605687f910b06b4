import { expect, it } from 'vitest';
import { makeBatch } from '../data/batch.ts';
import { addSums, meanLosses, NO_LOSS, sumLosses } from './loss-sums.ts';
import { targetsOf } from './vocabulary-loss.ts';

const batch = makeBatch([
  {
    ids: [1, 2, 3, 4, 5, 6],
    weights: [0, 0.25, 0, 0.5, 1, 0.5],
    classes: ['bos', 'user', 'system', 'template', 'assistant', 'assistant'],
    promptLength: 4,
    cutTokens: 0,
  },
]);

// In the order of targetsOf: those with a weight (targets 0, 2, 3, 4), then the prompt without one (target 1).
const sums = sumLosses([4, 100, 2, 8, 6], batch, targetsOf(batch));

it('adds up losses by weight and by class', () => {
  expect(sums).toEqual({
    weighted: 0.25 * 4 + 0.5 * 100 + 1 * 2 + 0.5 * 8,
    weight: 2.25,
    // A weight decides what is learnt, not what is logged: the prompt's second target counts here.
    prompt: 4 + 6,
    promptTargets: 2,
    completion: 2 + 8,
    completionTargets: 2,
  });
  expect(meanLosses(sums)).toEqual({ promptLoss: 5, completionLoss: 5 });
});

it('travels as sums: means are made at the end', () => {
  const other = { ...NO_LOSS, completion: 30, completionTargets: 8 };
  expect(meanLosses(addSums(sums, other))).toEqual({ promptLoss: 5, completionLoss: 4 });
  expect(addSums(sums, NO_LOSS)).toEqual(sums);
});

it('has no mean of nothing', () => {
  expect(meanLosses(NO_LOSS)).toEqual({ promptLoss: null, completionLoss: null });
});

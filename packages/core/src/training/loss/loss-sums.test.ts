import { expect, it } from 'vitest';
import { makeBatch } from '../../batches/batch.ts';
import { exampleWith } from '../../test-support/examples.ts';
import { addSums, meanLosses, NO_LOSS, sumLosses } from './loss-sums.ts';
import { targetsOf } from './vocabulary-loss.ts';

const batch = makeBatch([
  exampleWith({
    ids: [1, 2, 3, 4, 5, 6],
    weights: [0, 0.25, 0, 0.5, 1, 0.5],
    roles: ['bos', 'user', 'system', 'template', 'assistant', 'assistant'],
    promptLength: 4,
  }),
]);

// In the order of targetsOf: those with a weight (targets 0, 2, 3, 4), then the prompt without one (target 1).
const sums = sumLosses([4, 100, 2, 8, 6], batch, targetsOf(batch));

const nothing = { loss: 0, targets: 0 };

it('adds up losses by weight and by role', () => {
  expect(sums).toEqual({
    weighted: 0.25 * 4 + 0.5 * 100 + 1 * 2 + 0.5 * 8,
    weight: 2.25,
    // A weight decides what is learnt, not what is logged: the prompt's second target counts here.
    byRole: {
      system: { loss: 6, targets: 1 },
      user: { loss: 4, targets: 1 },
      tool: nothing,
      assistant: { loss: 2 + 8, targets: 2 },
    },
  });
  expect(meanLosses(sums)).toEqual({
    promptLoss: 5,
    completionLoss: 5,
    roleLosses: { system: 6, user: 4, assistant: 5 },
  });
});

it('travels as sums: means are made at the end', () => {
  const byRole = { ...NO_LOSS.byRole, user: { loss: 8, targets: 1 }, assistant: { loss: 30, targets: 8 } };
  expect(meanLosses(addSums(sums, { ...NO_LOSS, byRole }))).toEqual({
    promptLoss: 6,
    completionLoss: 4,
    roleLosses: { system: 6, user: 6, assistant: 4 },
  });
  expect(addSums(sums, NO_LOSS)).toEqual(sums);
});

it('has no mean of nothing', () => {
  expect(meanLosses(NO_LOSS)).toEqual({ promptLoss: null, completionLoss: null, roleLosses: {} });
});

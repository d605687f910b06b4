import { expect, it } from 'vitest';
import { makeBatch } from '../../batches/batch.ts';
import { exampleWith } from '../../test-support/examples.ts';
import { lossesByExample } from './example-losses.ts';
import { targetsOf } from './vocabulary-loss.ts';

it('gives each example of a batch its own means, whatever its targets weigh', () => {
  const batch = makeBatch([
    exampleWith({
      ids: [1, 2, 3, 4],
      weights: [0, 0.5, 1, 1],
      roles: ['bos', 'user', 'assistant', 'assistant'],
      promptLength: 2,
    }),
    exampleWith({ ids: [1, 5, 6], weights: [0, 0, 1], roles: ['bos', 'user', 'assistant'], promptLength: 2 }),
    exampleWith({ ids: [1, 7], weights: [0, 1], roles: ['bos', 'assistant'], promptLength: 1 }),
  ]);
  // Weighted: the first row's three, the second's answer, the third's; then the prompt that weighs nothing.
  expect(lossesByExample([8, 2, 4, 5, 9, 7], batch, targetsOf(batch))).toEqual([
    { promptLoss: 8, completionLoss: 3 },
    { promptLoss: 7, completionLoss: 5 },
    { promptLoss: null, completionLoss: 9 },
  ]);
});

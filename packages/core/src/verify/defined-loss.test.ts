import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../batches/batch.ts';
import { targetWeight } from '../batches/loss-weights.ts';
import { normalizeStep } from '../batches/normalize-weights.ts';
import { exampleWith } from '../test-support/examples.ts';
import { aloneBatch, definedWeights } from './defined-loss.ts';

const weight = fc.constantFrom(0, 0.1, 0.5, 1, 2);
const example = fc
  .record({
    parts: fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'template'), weight }), { maxLength: 5 }),
    answers: fc.array(fc.constantFrom(0.5, 1), { minLength: 1, maxLength: 4 }),
    rowWeight: fc.constantFrom(0.5, 1, 3),
  })
  .map(({ parts, answers, rowWeight }) =>
    exampleWith({
      ids: [1, ...parts.map((_, i) => i + 3), ...answers.map((_, i) => i + 30)],
      roles: ['bos', ...parts.map(({ role }) => role as 'user'), ...answers.map(() => 'assistant' as const)],
      weights: [1, ...parts.map((part) => part.weight), ...answers],
      rowWeight,
    }),
  );

describe('the loss as it is defined', () => {
  it.each([
    { lossNormalization: 'weight-sum' },
    { lossNormalization: 'token-count' },
    { lossNormalization: 'completion-count' },
    { lossNormalization: 'per-example' },
    { lossNormalization: 'weight-sum', promptLossFraction: 0.3 },
    { lossNormalization: 'per-example', promptLossFraction: 0.3 },
  ] as const)('has the weights that a step of micro-batches has: %o', (options) => {
    fc.assert(
      fc.property(fc.array(example, { minLength: 1, maxLength: 4 }), (examples) => {
        const defined = definedWeights(examples, targetWeight, options).flatMap((weights) => [...weights]);
        const step = normalizeStep(
          examples.map((one) => makeBatch([one])),
          options,
        );
        const weights = step.batches.flatMap((batch) => [...batch.targetWeights]);
        expect(weights).toHaveLength(defined.length);
        for (const [i, own] of defined.entries()) expect(weights[i]).toBeCloseTo(own, 6);
      }),
    );
  });

  it('writes an example as a batch of one row has it', () => {
    fc.assert(
      fc.property(example, (one) => {
        const batch = makeBatch([one]);
        expect(aloneBatch(one, batch.targetWeights)).toEqual(batch);
      }),
    );
  });
});

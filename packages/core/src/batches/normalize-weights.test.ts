import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleWith } from '../test-support/examples.ts';
import { type Batch, isCompletion, isPrompt, type WeightedExample } from '../tokenization/example.ts';
import { makeBatch, packBatch } from './batch.ts';
import { addTargetWeights } from './loss-weights.ts';
import { hasLoss, type NormalizeOptions, normalizeStep } from './normalize-weights.ts';

/** BOS, then prompt and completion tokens. */
function example(prompt: number, completion: number, promptWeight: number, rowWeight = 1): WeightedExample {
  const tokens = prompt + completion;
  return exampleWith({
    ids: Array.from({ length: 1 + tokens }, (_, i) => i),
    weights: [0, ...Array<number>(prompt).fill(promptWeight), ...Array<number>(completion).fill(1)],
    roles: ['bos', ...Array<'user'>(prompt).fill('user'), ...Array<'assistant'>(completion).fill('assistant')],
    promptLength: 1 + prompt,
    rowWeight,
  });
}

/** Sum of the divided weights of a class: what the class makes of the loss when every token's loss is 1. */
function share(batches: readonly Batch[], wanted: typeof isPrompt = () => true): number {
  let sum = 0;
  for (const { targetWeights, targetRoles } of batches) {
    for (const [i, weight] of targetWeights.entries()) if (wanted(targetRoles[i])) sum += weight;
  }
  return sum;
}

/** A support row: 179 prompt and 15 completion tokens. */
const oneRow = (promptWeight: number) => [makeBatch([example(179, 15, promptWeight)])];

describe('normalizeStep, with 179 prompt and 15 completion tokens', () => {
  it.each([
    ['weight-sum', 0.1, 179 * 0.1 + 15],
    ['weight-sum', 0, 15],
    ['weight-sum', 1, 194],
    ['token-count', 0.1, 194],
    ['token-count', 0, 15],
    ['completion-count', 0.1, 15],
    ['completion-count', 1, 15],
    ['per-example', 0.1, 1],
  ] as const)('%s with prompt weight %f divides by %f', (lossNormalization, promptWeight, denominator) => {
    const step = normalizeStep(oneRow(promptWeight), { lossNormalization });
    expect(step.denominator).toBeCloseTo(denominator, 5);
    expect(step.weightSum).toBeCloseTo(179 * promptWeight + 15, 5);
  });

  it('weight-sum is continuous at 0, token-count lets the completion fall to 15/194', () => {
    const completion = (lossNormalization: 'weight-sum' | 'token-count', promptWeight: number) =>
      share(normalizeStep(oneRow(promptWeight), { lossNormalization }).batches, isCompletion);
    expect(completion('weight-sum', 0)).toBeCloseTo(1, 6);
    expect(completion('weight-sum', 1e-6)).toBeCloseTo(1, 4);
    expect(completion('token-count', 0)).toBeCloseTo(1, 6);
    expect(completion('token-count', 1e-6)).toBeCloseTo(15 / 194, 6);
  });

  it('completion-count keeps the completion, and the total grows with w·P/C', () => {
    const { batches } = normalizeStep(oneRow(0.1), { lossNormalization: 'completion-count' });
    expect(share(batches, isCompletion)).toBeCloseTo(1, 6);
    expect(share(batches)).toBeCloseTo(1 + (0.1 * 179) / 15, 5);
  });

  it('gives the prompt the fraction asked for: w = f·C/((1−f)·P)', () => {
    const { batches, weightSum } = normalizeStep(oneRow(1), {
      lossNormalization: 'weight-sum',
      promptLossFraction: 0.25,
    });
    // w = 0.25·15 / (0.75·179) = 0.0279…, so the prompt weighs 5 beside the completion's 15.
    expect(weightSum).toBeCloseTo(20, 5);
    expect(share(batches, isPrompt)).toBeCloseTo(0.25, 6);
    expect(batches[0]?.targetWeights[0]).toBeCloseTo((0.25 * 15) / (0.75 * 179) / 20, 8);
  });

  it('takes the fraction over the whole step, and 0 masks the prompt', () => {
    const step = [makeBatch([example(100, 2, 1)]), makeBatch([example(4, 30, 1)])];
    const half = normalizeStep(step, { lossNormalization: 'weight-sum', promptLossFraction: 0.5 });
    expect(share(half.batches, isPrompt)).toBeCloseTo(0.5, 6);
    const none = normalizeStep(step, { lossNormalization: 'weight-sum', promptLossFraction: 0 });
    expect(share(none.batches, isPrompt)).toBe(0);
    expect(none.weightSum).toBe(32);
  });
});

describe('normalizeStep over several examples', () => {
  it('per-example counts every example the same', () => {
    const { batches, denominator } = normalizeStep(
      [makeBatch([example(10, 1, 0.5), example(0, 40, 0)]), makeBatch([example(3, 3, 1)])],
      { lossNormalization: 'per-example' },
    );
    expect(denominator).toBe(3);
    const perRow = batches.flatMap(({ targetWeights, rows, length }) =>
      Array.from({ length: rows }, (_, row) =>
        targetWeights.slice(row * length, (row + 1) * length).reduce((sum, weight) => sum + weight, 0),
      ),
    );
    for (const sum of perRow) expect(sum).toBeCloseTo(1 / 3, 6);
  });

  it('does not depend on how the examples are dealt out to micro-batches', () => {
    const shapes = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 })), { minLength: 2, maxLength: 6 });
    const kinds = fc.constantFrom('weight-sum', 'token-count', 'completion-count', 'per-example');
    fc.assert(
      fc.property(shapes, kinds, fc.nat(5), (rows, lossNormalization, cut) => {
        const examples = rows.map(([prompt, completion]) => example(prompt, completion, 0.1));
        const at = 1 + (cut % (examples.length - 1));
        const together = normalizeStep([makeBatch(examples)], { lossNormalization });
        const apart = normalizeStep([makeBatch(examples.slice(0, at)), makeBatch(examples.slice(at))], {
          lossNormalization,
        });
        expect(apart.denominator).toBeCloseTo(together.denominator, 9);
        const weights = (batches: readonly Batch[]) =>
          batches.flatMap((batch) => [...batch.targetWeights].filter((_, i) => (batch.exampleIds[i] ?? -1) >= 0));
        const [one, two] = [weights(together.batches), weights(apart.batches)];
        expect(two.length).toBe(one.length);
        for (const [i, weight] of two.entries()) expect(weight).toBeCloseTo(one[i] ?? Number.NaN, 9);
      }),
    );
  });

  it('adds up to 1 with weight-sum', () => {
    const { batches } = normalizeStep([makeBatch([example(7, 2, 0.3)]), makeBatch([example(50, 1, 0.3)])], {
      lossNormalization: 'weight-sum',
    });
    expect(share(batches)).toBeCloseTo(1, 6);
  });

  it('refuses a step without any weight, rather than divide 0 by 0', () => {
    const batch = { ...makeBatch([example(3, 1, 0)]), targetWeights: new Float32Array(4) };
    for (const lossNormalization of ['weight-sum', 'token-count', 'completion-count', 'per-example'] as const) {
      expect(() => normalizeStep([batch], { lossNormalization })).toThrow(/0\/0/);
    }
  });

  it('leaves the batches it was given as they are', () => {
    const batch = makeBatch([example(2, 2, 0.5)]);
    normalizeStep([batch], { lossNormalization: 'weight-sum' });
    expect([...batch.targetWeights]).toEqual([0.5, 0.5, 1, 1]);
  });
});

describe('a row’s own weight', () => {
  const pair = (lossNormalization: NormalizeOptions['lossNormalization']) =>
    normalizeStep([makeBatch([example(4, 2, 0.5, 3)]), makeBatch([example(2, 6, 0.5)])], { lossNormalization });

  it.each([
    ['weight-sum', 3 * 4 + 7, 12 / 19],
    ['token-count', 14, 12 / 14],
    ['completion-count', 8, 12 / 8],
    ['per-example', 3 + 1, 3 / 4],
  ] as const)('counts with %s', (lossNormalization, denominator, first) => {
    const step = pair(lossNormalization);
    expect(step.denominator).toBe(denominator);
    expect(share(step.batches.slice(0, 1))).toBeCloseTo(first, 6);
  });

  it.each(['weight-sum', 'token-count', 'completion-count', 'per-example'] as const)(
    'is that of each example where several share a row, with %s',
    (lossNormalization) => {
      const rows = [3, 1, 0.5].map((rowWeight, i) => example(4, 2 + i, 0, rowWeight));
      const padded = normalizeStep([makeBatch(rows)], { lossNormalization });
      const packed = normalizeStep([packBatch([{ examples: rows, prefix: 4 }])], { lossNormalization });
      expect(packed.denominator).toBe(padded.denominator);
      for (const [e] of rows.entries()) {
        const of = ({ batches: [batch] }: typeof padded) =>
          [...(batch as Batch).targetWeights].filter((weight, i) => weight > 0 && batch?.exampleIds[i] === e);
        expect(of(packed)).toEqual(of(padded));
      }
    },
  );

  it('changes nothing when it is the same for all', () => {
    for (const lossNormalization of ['weight-sum', 'per-example'] as const) {
      const of = (rowWeight: number) =>
        normalizeStep([makeBatch([example(4, 2, 0.5, rowWeight), example(1, 3, 0.5, rowWeight)])], {
          lossNormalization,
        });
      for (const [i, weight] of (of(4).batches[0] as Batch).targetWeights.entries()) {
        expect(weight).toBeCloseTo(of(1).batches[0]?.targetWeights[i] as number, 7);
      }
    }
  });
});

it('never divides by 0 where every example was found to have a loss, however they are dealt out', () => {
  const anyOptions = fc.record({
    lossNormalization: fc.constantFrom('weight-sum', 'token-count', 'completion-count', 'per-example'),
    promptLossFraction: fc.constantFrom(undefined, 0, 0.3),
  });
  const anyExample = fc
    .tuple(fc.nat(3), fc.nat(3), fc.constantFrom(0, 0.5), fc.constantFrom(0, 1), fc.constantFrom(1, 2))
    .map(([prompt, completion, weight, learnt, rowWeight]) => {
      const made = example(prompt, completion, weight, rowWeight);
      const segmentWeights = made.segmentWeights.map((own, i) => (i > prompt ? own * learnt : own));
      return { ...made, segmentWeights };
    });
  let kept = 0;
  fc.assert(
    fc.property(anyExample, fc.array(anyExample, { maxLength: 3 }), anyOptions, (one, others, options) => {
      const sums = { prompt: 0, completion: 0, all: 0 };
      addTargetWeights(one, sums);
      if (!hasLoss(sums, options)) return;
      kept++;
      const { batches } = normalizeStep([makeBatch([one, ...others])], options);
      expect(batches[0]?.targetWeights.every(Number.isFinite)).toBe(true);
      expect(share(batches)).toBeGreaterThan(0);
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(kept).toBeGreaterThan(100);
});

it('refuses weights that add up to more than f32 holds, as a mistake of the rows', () => {
  const heavy = example(2, 2, 1, 1e300);
  expect(() => normalizeStep([makeBatch([heavy])], { lossNormalization: 'weight-sum' })).toThrow(
    expect.objectContaining({ code: 'row-invalid' }),
  );
});

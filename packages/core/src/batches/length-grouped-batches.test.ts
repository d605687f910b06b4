import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { lengthGroupedBatches } from './length-grouped-batches.ts';

const random = createRandom(11);
const lengths = Array.from({ length: 1003 }, () => 20 + random.integer(80));
const options = { lengths, batchSize: 8, seed: 0, epoch: 0, shuffle: true };

const paddedTokens = (batches: number[][]) =>
  batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((i) => lengths[i] ?? 0)), 0);
const realTokens = lengths.reduce((sum, length) => sum + length, 0);

describe('lengthGroupedBatches', () => {
  it('holds every example once, in full batches but for the last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (some, batchSize, shuffle) => {
          const batches = lengthGroupedBatches({ lengths: some, batchSize, seed: 3, epoch: 1, shuffle });
          expect(batches.flat().sort((a, b) => a - b)).toEqual(some.map((_, i) => i));
          expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
        },
      ),
    );
  });

  it('keeps the order of the rows without shuffling', () => {
    expect(lengthGroupedBatches({ lengths: [5, 1, 4], batchSize: 2, seed: 9, epoch: 4, shuffle: false })).toEqual([
      [0, 1],
      [2],
    ]);
  });

  it('is decided by seed and epoch', () => {
    expect(lengthGroupedBatches(options)).toEqual(lengthGroupedBatches(options));
    expect(lengthGroupedBatches(options)).not.toEqual(lengthGroupedBatches({ ...options, epoch: 1 }));
    expect(lengthGroupedBatches(options)).not.toEqual(lengthGroupedBatches({ ...options, seed: 1 }));
  });

  it('wastes little on padding, and still mixes short and long batches', () => {
    const batches = lengthGroupedBatches(options);
    expect(paddedTokens(batches) / realTokens).toBeLessThan(1.05);
    expect(paddedTokens(lengthGroupedBatches({ ...options, shuffle: false })) / realTokens).toBeGreaterThan(1.3);
    const longest = batches.map((batch) => Math.max(...batch.map((i) => lengths[i] ?? 0)));
    const steps = longest.slice(1).map((length, i) => Math.abs(length - (longest[i] ?? 0)));
    expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeGreaterThan(15);
  });
});

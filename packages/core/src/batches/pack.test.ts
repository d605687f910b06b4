import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../abort.ts';
import { examplesOf, exampleWith } from '../test-support/examples.ts';
import type { WeightedExample } from '../tokenization/example.ts';
import { describePacking, packEpoch, planPacking } from './pack.ts';

/** All prompt, of weight 1 but for the first. */
const example = (ids: number[]): WeightedExample =>
  exampleWith({ ids, weights: ids.map((_, i) => Number(i > 0)), roles: ids.map(() => 'user') });

const instructions = [
  [],
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  [1, 2, 3, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40],
] as const;
const anyExamples = fc.array(
  fc
    .tuple(fc.constantFrom(...instructions), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 }))
    .map(([instruction, rest]) => example([...instruction, ...rest])),
  { minLength: 1, maxLength: 60 },
);
const all = (examples: readonly WeightedExample[]) => examples.map((_, i) => i);

describe('packEpoch', () => {
  it('puts every example into one row, none over its length, and shares only what is common', () => {
    const anyWay = fc.constantFrom('examples' as const, 'shared-prefix' as const);
    fc.assert(
      fc.property(
        anyExamples,
        anyWay,
        fc.integer({ min: 1, max: 64 }),
        fc.nat(5),
        fc.boolean(),
        (examples, way, maxLength, epoch, shuffle) => {
          const packing = atOnce(planPacking(examplesOf(examples), { packing: way, maxLength }));
          if (!packing) throw new Error('nothing planned');
          const rows = packEpoch(packing, {
            drawn: all(examples),
            seed: 1,
            epoch,
            shuffle,
          });
          expect(rows.flatMap((row) => row.examples).sort((a, b) => a - b)).toEqual(all(examples));
          for (const row of rows) {
            const members = row.examples.map((i) => examples[i] as WeightedExample);
            const places = members.reduce((sum, { ids }) => sum + ids.length - 1 - row.prefix, row.prefix);
            expect(places).toBeLessThanOrEqual(packing.rowLength);
            // One token more than the prefix is common: the last one begins each example's own part.
            const starts = members.map(({ ids }) => ids.slice(0, row.prefix + 1).join(' '));
            if (row.prefix > 0) expect(new Set(starts).size).toBe(1);
          }
        },
      ),
    );
  });

  it('is decided by seed and epoch, in the number of rows by neither', () => {
    const examples = Array.from({ length: 300 }, (_, i) => example(Array(5 + ((i * 13) % 40)).fill(i % 7)));
    const packing = atOnce(planPacking(examplesOf(examples), { packing: 'examples', maxLength: 64 }));
    if (!packing) throw new Error('nothing planned');
    const rowsOf = (seed: number, epoch: number) =>
      packEpoch(packing, { drawn: all(examples), seed, epoch, shuffle: true });
    expect(rowsOf(1, 0)).toEqual(rowsOf(1, 0));
    expect(rowsOf(1, 0)).not.toEqual(rowsOf(1, 1));
    expect(rowsOf(2, 0)).not.toEqual(rowsOf(1, 0));
    expect(new Set([rowsOf(1, 0), rowsOf(1, 1), rowsOf(2, 0)].map((rows) => rows.length)).size).toBe(1);
    expect(describePacking(rowsOf(1, 0), packing).filled).toBeGreaterThan(0.95);
  });
});

describe('a shared prefix', () => {
  const instruction = Array.from({ length: 20 }, (_, i) => 100 + i);
  const other = Array.from({ length: 30 }, (_, i) => 200 + i);
  const rowsFrom = (start: readonly number[], count: number) =>
    Array.from({ length: count }, (_, i) => example([1, ...start, 300 + (i % 9), 400 + i, 2]));
  const groupsOf = (examples: readonly WeightedExample[]) =>
    atOnce(planPacking(examplesOf(examples), { packing: 'shared-prefix', maxLength: 64 }))?.groups;

  it('is what all rows begin with, but for the last common token', () => {
    const examples = rowsFrom(instruction, 50);
    expect(groupsOf(examples)).toEqual([{ examples: all(examples), prefix: 20 }]);
  });

  it('is each recipe’s own in a mixture, and none for the few rows of a third', () => {
    const examples = [...rowsFrom(instruction, 40), ...rowsFrom(other, 40), ...rowsFrom([], 2)];
    const prefixes = examples.map((_, i) => groupsOf(examples)?.find((group) => group.examples.includes(i))?.prefix);
    expect(prefixes).toEqual([...Array(40).fill(20), ...Array(40).fill(30), 0, 0]);
  });

  it('ends where weights differ, and is nothing where nothing is common', () => {
    const [first, ...rest] = rowsFrom(instruction, 30) as [WeightedExample];
    const heavier = { ...first, segmentWeights: first.segmentWeights.map((one, i) => (i >= 10 ? 2 * one : one)) };
    expect(groupsOf([heavier, ...rest])?.find((group) => group.examples.includes(0))?.prefix).toBe(9);
    const ofWeight = { ...first, rowWeight: 2 };
    expect(groupsOf([ofWeight, ...rest])?.find((group) => group.examples.includes(0))?.prefix).toBe(0);
    const masked = [ofWeight, ...rest].map((one) => ({ ...one, roleWeights: new Float64Array(7) }));
    expect(groupsOf(masked)).toEqual([{ examples: all(masked), prefix: 20 }]);
    const different = Array.from({ length: 30 }, (_, i) => example([500 + i, 2, 3]));
    expect(groupsOf(different)).toEqual([{ examples: all(different), prefix: 0 }]);
  });

  it('puts no more equal rows into one than it has places', () => {
    const equal = Array.from({ length: 400 }, () => example([1, ...instruction, 2]));
    const packing = atOnce(planPacking(examplesOf(equal), { packing: 'shared-prefix', maxLength: 64 }));
    if (!packing) throw new Error('nothing planned');
    expect(packing.groups).toEqual([{ examples: all(equal), prefix: 20 }]);
    const rows = packEpoch(packing, { drawn: all(equal), seed: 0, epoch: 0, shuffle: true });
    // 44 places beside the prefix, one for each.
    expect(rows.map((row) => row.examples.length).sort((a, b) => b - a)).toEqual([...Array(9).fill(44), 4]);
  });

  it('counts what it saves', () => {
    const examples = rowsFrom(instruction, 44);
    const packing = atOnce(planPacking(examplesOf(examples), { packing: 'shared-prefix', maxLength: 64 }));
    if (!packing) throw new Error('nothing planned');
    const rows = packEpoch(packing, {
      drawn: all(examples),
      seed: 0,
      epoch: 0,
      shuffle: true,
    });
    // Rows of 20 + 11 · 3 + … places: 44 examples of 23 places, of which 20 are shared, 14 to a row of 64.
    expect(describePacking(rows, packing)).toEqual({
      rows: 4,
      rowLength: 64,
      examplesPerRow: 11,
      filled: (4 * 20 + 44 * 3) / 256,
      sharing: (44 * 23) / (4 * 20 + 44 * 3),
    });
  });
});

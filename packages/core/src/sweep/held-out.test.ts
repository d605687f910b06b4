import fc from 'fast-check';
import { expect, it } from 'vitest';
import { examplesOf, exampleWith } from '../test-support/examples.ts';
import { partsOf } from './held-out.ts';

const setOf = (rows: number, groups?: readonly string[]) => ({
  rows: Array.from({ length: rows }, (_, i) => i),
  examples: examplesOf(
    Array.from({ length: rows }, () => exampleWith({ ids: [1, 2], roles: ['bos', 'assistant'], promptLength: 1 })),
  ),
  ...(groups && { groups }),
});

it('are of equal size, and every row is in one of them', () => {
  for (const tuned of [false, true]) {
    const parts = Object.values(partsOf(setOf(20), { splitSeed: 3, tuned })).flatMap((part) =>
      part ? [part.rows] : [],
    );
    expect(parts.flat().sort((a, b) => a - b)).toEqual(setOf(20).rows);
    expect(parts.map(({ length }) => length).sort()).toEqual(tuned ? [6, 7, 7] : [10, 10]);
  }
  const test = (splitSeed: number) => partsOf(setOf(20), { splitSeed, tuned: false }).test.rows;
  expect(test(3)).toEqual(test(3));
  expect(test(4)).not.toEqual(test(3));
});

it('have no group in common', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 6, maxLength: 30 }), (groups) => {
      fc.pre(new Set(groups).size > 1);
      const { test, validation } = partsOf(setOf(groups.length, groups), { splitSeed: 0, tuned: false });
      expect(test.groups?.filter((group) => validation.groups?.includes(group))).toEqual([]);
      expect(test.rows.length + validation.rows.length).toBe(groups.length);
      expect(Math.min(test.rows.length, validation.rows.length)).toBeGreaterThan(0);
    }),
  );
});

it('are none of rows of one group', () => {
  const one = setOf(8, Array(8).fill('a'));
  expect(() => partsOf(one, { splitSeed: 0, tuned: false })).toThrow('8 rows of 1 group are held out, too few');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentileInterval, resample } from './resample.ts';

test('a sample draws as many items as there are, each time anew', () => {
  const turns = [0, 0, 2, 1, 2, 2];
  const samples: number[][] = [];
  resample({ items: 3, samples: 2, draw: () => turns.shift() as number }, (drawn) => {
    samples.push([...drawn]);
  });
  expect(samples).toEqual([
    [0, 0, 2],
    [1, 2, 2],
  ]);
});

test('the middle 95 % leaves out a fortieth at either end', () => {
  const values = Array.from({ length: 1000 }, (_, i) => 999 - i);
  expect(percentileInterval(values)).toEqual([25, 974]);
  expect(percentileInterval([3, Number.NaN, 1])).toEqual([1, 3]);
  expect(percentileInterval([])).toEqual([Number.NaN, Number.NaN]);
});

test('an interval is made of values, in order, and does not hang on their order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
      const [low, high] = percentileInterval(values);
      expect(low <= high).toBe(true);
      expect(values.some((value) => value === low) && values.some((value) => value === high)).toBe(true);
      expect(percentileInterval([...values].reverse())).toEqual([low, high]);
    }),
  );
});

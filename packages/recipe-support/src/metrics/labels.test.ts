import { expect, it } from 'vitest';
import { f1PerLabel, isExactMatch, macroF1 } from './labels.ts';

const pairs = (...all: [reference: string, output: string][]) =>
  all.map(([reference, output]) => ({ reference, output }));

it('exact match forgives case and white space, nothing else', () => {
  const all = pairs(
    ['card arrival', ' Card  arrival\n'],
    ['pin blocked', 'pin blocked.'],
    ['age limit', ''],
    ['age limit', 'age limit'],
  );
  expect(all.map(isExactMatch)).toEqual([true, false, false, true]);
});

it('macro F1 is the mean of the F1 of every label that occurs', () => {
  // a: TP 1, FP 1, FN 1 → 2/4 · b: TP 1, FP 1, FN 0 → 2/3 · c: TP 0, FN 1 → 0. "d" occurs in no row: a miss only.
  const all = pairs(['a', 'a'], ['a', 'b'], ['b', 'b'], ['c', 'a'], ['e', 'd'], ['e', 'e']);
  // e: TP 1, FP 0, FN 1 → 2/3
  expect(Object.fromEntries(f1PerLabel(all))).toEqual({ a: 1 / 2, b: 2 / 3, c: 0, e: 2 / 3 });
  expect(macroF1(all)).toBeCloseTo((2 / 4 + 2 / 3 + 0 + 2 / 3) / 4, 12);
  expect(macroF1(pairs(['a', 'A '], ['b', 'b']))).toBe(1);
  expect(macroF1(pairs(['a', ''], ['b', 'x']))).toBe(0);
});

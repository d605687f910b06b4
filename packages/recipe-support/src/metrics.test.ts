import { expect, it } from 'vitest';
import { exactMatch, macroF1 } from './metrics.ts';

const predictions = (...pairs: [problem: string, text: string][]) =>
  pairs.map(([problem, text]) => ({ row: { message: 'm', problem }, text }));

it('exact match forgives case and white space, nothing else', () => {
  expect(
    exactMatch.compute(
      predictions(
        ['card arrival', ' Card  arrival\n'],
        ['pin blocked', 'pin blocked.'],
        ['age limit', ''],
        ['age limit', 'age limit'],
      ),
    ),
  ).toBe(0.5);
});

it('macro F1 is the mean of the F1 of every label that occurs', () => {
  // a: TP 1, FP 1, FN 1 → 2/4 · b: TP 1, FP 1, FN 0 → 2/3 · c: TP 0, FN 1 → 0. "d" occurs in no row: a miss only.
  const rows = predictions(['a', 'a'], ['a', 'b'], ['b', 'b'], ['c', 'a'], ['e', 'd'], ['e', 'e']);
  // e: TP 1, FP 0, FN 1 → 2/3
  expect(macroF1.compute(rows)).toBeCloseTo((2 / 4 + 2 / 3 + 0 + 2 / 3) / 4, 12);
  expect(macroF1.compute(predictions(['a', 'A '], ['b', 'b']))).toBe(1);
  expect(macroF1.compute(predictions(['a', ''], ['b', 'x']))).toBe(0);
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { f1PerLabel, isExactMatch, macroF1 } from './labels.ts';

const pairs = (...all: [reference: string, output: string][]) =>
  all.map(([reference, output]) => ({ reference, output }));

it('exact match compares labels, not their spelling', () => {
  const all = pairs(
    ['card arrival', ' Card  arrival\n'],
    ['pin_blocked', 'Pin blocked.'],
    ['pin blocked', 'pin is blocked'],
    ['age limit', ''],
    ['age limit', 'age limit'],
  );
  expect(all.map(isExactMatch)).toEqual([true, true, false, false, true]);
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

it('F1 of each label, and macro F1, equal scikit-learn’s', () => {
  const { cases } = JSON.parse(
    readFileSync(new URL('../../fixtures/macro-f1-expected.json', import.meta.url), 'utf8'),
  ) as {
    cases: { references: string[]; outputs: string[]; f1: Record<string, number>; macroF1: number }[];
  };
  expect(cases).toHaveLength(40);
  for (const { references, outputs, f1, macroF1: expected } of cases) {
    const all = references.map((reference, at) => ({ reference, output: outputs[at] ?? '' }));
    const ours = f1PerLabel(all);
    expect([...ours.keys()].sort()).toEqual(Object.keys(f1));
    for (const [label, value] of ours) expect(value).toBeCloseTo(f1[label] ?? Number.NaN, 12);
    expect(macroF1(all)).toBeCloseTo(expected, 12);
  }
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editSimilarity } from './edit-similarity.ts';

// fuzz.ratio / 100 of rapidfuzz 3.14.6.
it.each([
  ['this is a test', 'this is a test!', 0.9655172413793103],
  ['', 'a', 0],
  ['kitten', 'sitting', 0.6153846153846154],
  ['def f(x):\n  return x + 1', 'def f(y):\n    return y+1', 0.8333333333333335],
  ['const add = (a, b) => a + b;', 'function add(a, b) { return a + b; }', 0.65625],
  ['naïve 🎉', 'naive 🎉🎉', 0.8],
  ['abc', 'cba', 0.33333333333333337],
  ['fuzzy wuzzy was a bear', 'wuzzy fuzzy was a bear', 0.9090909090909091],
  ['', '', 1],
])('of %j and %j is rapidfuzz’s', (a, b, expected) => {
  expect(editSimilarity(a, b)).toBeCloseTo(expected, 12);
});

it('is 1 for the same, never outside of 0 to 1, and the same both ways', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(editSimilarity(a, a)).toBe(1);
      expect(editSimilarity(a, b)).toBeGreaterThanOrEqual(0);
      expect(editSimilarity(a, b)).toBeLessThanOrEqual(1);
      expect(editSimilarity(a, b)).toBe(editSimilarity(b, a));
    }),
  );
});

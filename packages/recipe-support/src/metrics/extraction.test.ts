import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extractiveFragments, extractiveness } from './extractive-fragments.ts';
import { keepsLength } from './length-compliance.ts';
import { novelNgrams } from './novel-ngrams.ts';
import { wordsOf } from './words.ts';

it('counts words with what stands inside them', () => {
  expect(wordsOf('I’d like 3.50, e-mail me: a b… (c)! 1,234.5')).toEqual([
    "i'd",
    'like',
    '3.50',
    'e-mail',
    'me',
    'a',
    'b',
    'c',
    '1,234.5',
  ]);
  expect(wordsOf('  – … ')).toEqual([]);
});

it('finds the fragments of Newsroom’s algorithm, and their coverage and density', () => {
  const source = 'My card was swallowed by the machine, and the machine gave no money back.';
  const output = 'The machine gave no card back.';
  expect(extractiveFragments(wordsOf(source), wordsOf(output))).toEqual([
    ['the', 'machine', 'gave', 'no'],
    ['card'],
    ['back'],
  ]);
  const { compression, coverage, density } = extractiveness(source, output);
  expect(compression).toBeCloseTo(14 / 6, 12);
  expect(coverage).toBe(1);
  expect(density).toBeCloseTo((16 + 1 + 1) / 6, 12);
  expect(extractiveness(source, 'Nothing helps')).toEqual({ compression: 7, coverage: 0, density: 0 });
  expect(extractiveness(source, ' … ')).toEqual({ compression: 0, coverage: 0, density: 0 });
});

it('takes the longest match, and goes on behind a match as the paper’s algorithm does', () => {
  expect(extractiveFragments(['a', 'b', 'a', 'b', 'c'], ['a', 'b', 'c'])).toEqual([['a', 'b', 'c']]);
  // The scan for "a a b" matches "a a" at 0 and goes on at 2: "a a b" at 1 is not seen.
  expect(extractiveFragments(['a', 'a', 'a', 'b'], ['a', 'a', 'b'])).toEqual([['a', 'a'], ['b']]);
});

it('knows a copy: coverage 1, density its length, nothing novel', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 12 }), (words) => {
      const text = words.join(' ');
      const { coverage, compression } = extractiveness(text, text);
      expect([coverage, compression, novelNgrams(text, text, 2)]).toEqual([1, 1, 0]);
    }),
  );
  expect(extractiveness('one two three', 'one two three').density).toBe(3);
});

it('takes distinct n-grams for the share of novel ones', () => {
  expect(novelNgrams('a b c', 'a b d a b d', 2)).toBeCloseTo(2 / 3, 12); // ab, bd, da: two of three
  expect(novelNgrams('a b c', 'x', 2)).toBe(0);
  expect(novelNgrams('a b c', 'x a', 1)).toBe(0.5);
});

it('keeps a length from one word to as many as asked for', () => {
  expect(['', 'one', 'one two', 'one two three'].map((text) => keepsLength(text, 2))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

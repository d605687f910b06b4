import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusScore, sentenceScore } from './corpus-metric.ts';
import { ter } from './ter.ts';

describe('TER', () => {
  // The cases of sacreBLEU's test_ter.py that have a value by hand.
  it.each([
    ['aaaa bbbb cccc dddd', 'aaaa bbbb cccc dddd', 0],
    ['dddd eeee ffff', 'aaaa bbbb cccc', 100],
    ['', 'a', 100],
    ['a', '', 100],
    ['', '', 0],
    ['d e f g h a b c', 'a b c d e f g h', 100 / 8],
  ])('of %j against %j is %d', (hypothesis, reference, expected) => {
    expect(sentenceScore(ter(), hypothesis, [reference]).score).toBeCloseTo(expected, 12);
  });

  it('takes the nearest reference, and the mean of their lengths', () => {
    expect(sentenceScore(ter(), 'a b c', ['a b c', 'x y z u v']).score).toBe(0);
    expect(sentenceScore(ter(), 'a b', ['a b c', 'x y z u v'])).toEqual({ score: 25, edits: 1, referenceLength: 4 });
  });

  it('is 0 for a copy, and at most one edit a word otherwise', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(text, text, (first, second) => {
        const [hypothesis, reference] = [first.join(' '), second.join(' ')];
        expect(sentenceScore(ter(), hypothesis, [hypothesis]).score).toBe(0);
        const { edits } = corpusScore(ter(), { hypotheses: [hypothesis], references: [[reference]] });
        expect(edits).toBeLessThanOrEqual(Math.max(first.length, second.length));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(first.length - second.length));
      }),
      { numRuns: 100 },
    );
  });
});

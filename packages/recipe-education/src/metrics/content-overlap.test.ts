import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentOverlap } from './content-overlap.ts';

it('is what two texts share of their content words, both ways', () => {
  // Content: three dog chase cat yesterday (5) · dog chase cat (3): the three are common.
  expect(contentOverlap('Three dogs were chasing the cat yesterday.', 'The dog chased the cat')).toEqual({
    kept: 3 / 5,
    supported: 1,
    f1: (2 * 0.6) / 1.6,
  });
  expect(contentOverlap('It cost 1,000 dollars', 'It cost one thousand dollars').f1).toBe(1);
  expect(contentOverlap('He will come', 'He will not come').supported).toBe(1 / 2);
});

it('has ends: nothing in common is 0, and a text without content keeps all of another without', () => {
  expect(contentOverlap('big cats', 'small dogs')).toEqual({ kept: 0, supported: 0, f1: 0 });
  expect(contentOverlap('big cats', '')).toEqual({ kept: 0, supported: 0, f1: 0 });
  expect(contentOverlap('', 'big cats')).toEqual({ kept: 0, supported: 0, f1: 0 });
  expect(contentOverlap('it is', '')).toEqual({ kept: 1, supported: 1, f1: 1 });
});

it('is symmetric but for the sides, and 1 with itself in any order', () => {
  const words = fc.array(fc.constantFrom('cat', 'dog', 'run', 'two', '2', 'green'), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [there, back] = [
        contentOverlap(a.join(' . '), b.join(' . ')),
        contentOverlap(b.join(' . '), a.join(' . ')),
      ];
      expect([there.kept, there.supported]).toEqual([back.supported, back.kept]);
      expect(contentOverlap(a.join(' . '), a.toReversed().join(' . ')).f1).toBe(1);
    }),
  );
});

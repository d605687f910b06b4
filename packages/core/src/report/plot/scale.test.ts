import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrossScale, logarithmicUpScale, percent, rangeOf, SIDE, upScale } from './scale.ts';

describe('upScale', () => {
  it('goes up, and ends at round numbers', () => {
    const { at, ticks } = upScale({ low: 0.12, high: 3.9 });
    expect(ticks).toEqual([0, 1, 2, 3, 4]);
    expect(at(0)).toBe(SIDE);
    expect(at(4)).toBe(0);
  });

  it('has one value in its middle', () => {
    expect(upScale({ low: 2, high: 2 }).at(2)).toBe(SIDE / 2);
    expect(upScale({ low: 0, high: 0 }).at(0)).toBe(SIDE / 2);
  });
});

describe('logarithmicUpScale', () => {
  it('has equal distances for equal ratios, and names no more than there is room for', () => {
    const { at } = logarithmicUpScale({ low: 0.1, high: 10 });
    expect(at(1)).toBeCloseTo(SIDE / 2);
    fc.assert(
      fc.property(
        fc.double({ min: -8, max: 3, noNaN: true }),
        fc.double({ min: 1, max: 6, noNaN: true }),
        (from, decades) => {
          const scale = logarithmicUpScale({ low: 10 ** from, high: 10 ** (from + decades) });
          const places = scale.ticks.map(scale.at);
          expect(places.length).toBeGreaterThan(0);
          expect(places.every((place, i) => i === 0 || (places[i - 1] as number) - place > SIDE / 10)).toBe(true);
        },
      ),
    );
  });
});

it('acrossScale puts a single step in the middle', () => {
  expect(acrossScale({ low: 5, high: 5 }).at(5)).toBe(SIDE / 2);
  expect(percent(SIDE / 3)).toBe('33.33%');
});

it('rangeOf takes a hundred thousand values, and none', () => {
  expect(rangeOf(Array.from({ length: 100_000 }, (_, i) => i))).toEqual({ low: 0, high: 99_999 });
  expect(rangeOf([])).toEqual({ low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossDeviation } from './loss-deviation.ts';
import { overlap } from './overlap.ts';

const ids = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 });

describe('overlap', () => {
  it('is 1 of what is equal, 0 of what shares nothing, and the same both ways', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(overlap(a, a)).toBe(1);
        expect(overlap(a, b)).toBe(overlap(b, a));
        if (a.length > 0)
          expect(
            overlap(
              a,
              a.map((id) => id + 10),
            ),
          ).toBe(0);
      }),
    );
  });

  it('is what difflib says where it finds the longest common subsequence', () => {
    expect(overlap([1, 2, 3, 4], [2, 4])).toBe(4 / 6);
    expect(overlap([1, 2, 3], [3, 2, 1])).toBe(2 / 6);
    expect(overlap([1], [])).toBe(0);
  });

  it('grows by what is inserted on both sides', () => {
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 0, max: 4 }), (a, b, id) => {
        const common = (x: readonly number[], y: readonly number[]) => (overlap(x, y) * (x.length + y.length)) / 2;
        if (a.length + b.length > 0) expect(common([...a, id], [...b, id])).toBeCloseTo(common(a, b) + 1, 9);
      }),
    );
  });
});

describe('lossDeviation', () => {
  it('is 0 of a loss that falls in a line, and that of the noise where there is some', () => {
    expect(lossDeviation([5, 4, 3, 2, 1])).toBe(0);
    expect(lossDeviation([1, 2])).toBeNull();
    const noise = Array.from({ length: 4000 }, (_, i) => 10 - i * 1e-4 + Math.sin(i * i * 12.9898));
    // The sine of such numbers has a standard deviation of 1/√2.
    expect(lossDeviation(noise)).toBeCloseTo(Math.SQRT1_2 / 9.8, 2);
  });
});

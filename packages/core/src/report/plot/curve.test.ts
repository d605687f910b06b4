import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Point, smooth, stretches, thin } from './curve.ts';

const curveOf = (values: readonly (number | null)[]): Point[] => values.map((value, i) => ({ step: i + 1, value }));
const anyCurve = fc
  .array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { freq: 5 }), { minLength: 1, maxLength: 300 })
  .map(curveOf);
const valuesOf = (points: readonly Point[]) => points.flatMap(({ value }) => (value === null ? [] : [value]));

describe('thin', () => {
  it('keeps both ends and both extremes, in order, in no more points than asked for', () => {
    fc.assert(
      fc.property(anyCurve, fc.integer({ min: 1, max: 40 }), (points, buckets) => {
        const kept = thin(points, buckets);
        expect(kept.length).toBeLessThanOrEqual(2 * buckets + 2);
        expect(kept[0]).toBe(points[0]);
        expect(kept.at(-1)).toBe(points.at(-1));
        expect(Math.min(...valuesOf(kept))).toBe(Math.min(...valuesOf(points)));
        expect(Math.max(...valuesOf(kept))).toBe(Math.max(...valuesOf(points)));
        expect(kept.every((point, i) => i === 0 || point.step > (kept[i - 1] as Point).step)).toBe(true);
      }),
    );
  });

  it('leaves a short curve as it is', () => {
    const points = curveOf([3, 1, null, 2]);
    expect(thin(points, 2)).toEqual(points);
  });

  it('leaves a gap where a stretch has no values', () => {
    const points = curveOf([...new Array(50).fill(1), ...new Array(50).fill(null), ...new Array(50).fill(2)]);
    const kept = thin(points, 6);
    expect(kept.filter(({ value }) => value === null).map(({ step }) => step)).toEqual([51, 76]);
  });
});

describe('smooth', () => {
  it('changes nothing about a constant, and stays between lowest and highest', () => {
    expect(valuesOf(smooth(curveOf(new Array(400).fill(7)), 50)).every((value) => Math.abs(value - 7) < 1e-12)).toBe(
      true,
    );
    const noisy = curveOf(Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : 3)));
    const values = valuesOf(smooth(noisy, 50)).slice(10);
    expect(values.every((value) => Math.abs(value - 2) < 0.1)).toBe(true);
  });

  it('begins at the first value and ends at the last step', () => {
    const smoothed = smooth(curveOf(Array.from({ length: 300 }, (_, i) => 10 / (i + 1))), 40);
    expect(smoothed[0]).toEqual({ step: 1, value: 10 });
    expect(smoothed.at(-1)?.step).toBe(300);
    expect(smoothed).toHaveLength(40);
  });

  it('does not bridge a gap wider than its reach', () => {
    const points = curveOf([...new Array(100).fill(1), ...new Array(100).fill(null), ...new Array(100).fill(1)]);
    expect(smooth(points, 300)[150]).toEqual({ step: 151, value: null });
  });

  it('takes a single step as it is', () => {
    expect(smooth(curveOf([5]), 100)).toEqual([{ step: 1, value: 5 }]);
    expect(smooth([], 100)).toEqual([]);
  });
});

describe('stretches', () => {
  it('says of each part its steps, mean, lowest and highest', () => {
    expect(stretches(curveOf([1, 3, null, 7]), 2)).toEqual([
      { from: 1, to: 2, mean: 2, low: 1, high: 3 },
      { from: 3, to: 4, mean: 7, low: 7, high: 7 },
    ]);
    expect(stretches(curveOf([null]), 5)).toEqual([{ from: 1, to: 1, mean: null, low: null, high: null }]);
    expect(stretches([], 5)).toEqual([]);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastSeeds, signFlip } from './sign-flip.ts';

test('as few seeds as can show a difference', () => {
  expect([leastSeeds(0.05), leastSeeds(0.01)]).toEqual([6, 8]);
  const alike = (seeds: number) => signFlip([new Float64Array(seeds).fill(0.3)]).single[0]!;
  expect(alike(5)).toBe(2 / 2 ** 5);
  expect(alike(6)).toBe(2 / 2 ** 6);
  expect(alike(1)).toBe(1);
});

test('a seed that is missing is no difference', () => {
  const p = (values: number[]) => signFlip([Float64Array.from(values)]);
  expect(p([1, 2, Number.NaN, 3])).toEqual(p([1, 2, 3]));
  expect(p([Number.NaN, Number.NaN])).toEqual({ single: [1], corrected: [1] });
  expect(signFlip([])).toEqual({ single: [], corrected: [] });
});

test('many seeds are sampled, the same for the same seed and nearly the exact p', () => {
  const values = Float64Array.from({ length: 17 }, (_, i) => Math.sin(i) + 0.25);
  const sampled = signFlip([values]).single[0]!;
  expect(signFlip([values]).single[0]).toBe(sampled);
  // All 2¹⁶ choices of signs, by brute force.
  let count = 0;
  const observed = values.reduce((sum, value) => sum + value, 0);
  for (let bits = 0; bits < 2 ** 16; bits++) {
    const sum = values.reduce((all, value, i) => all + ((bits >> i) & 1 ? -value : value), 0);
    if (Math.abs(sum) >= Math.abs(observed) - 1e-9) count++;
  }
  // Four standard errors of 19,999 draws.
  const exact = count / 2 ** 16;
  expect(Math.abs(sampled - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 19_999));
});

test('the corrected p is no smaller than the single one, no larger than Bonferroni’s, and goes down in steps', () => {
  const contrast = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(fc.array(contrast, { minLength: 1, maxLength: 4 }), (contrasts) => {
      const { single, corrected } = signFlip(contrasts.map((values) => Float64Array.from(values)));
      for (const [i, p] of corrected.entries()) {
        expect(p).toBeGreaterThanOrEqual(single[i]!);
        expect(p).toBeLessThanOrEqual(Math.min(1, contrasts.length * Math.max(...single)));
      }
      // One contrast fewer is one step fewer.
      const kept = signFlip(contrasts.slice(1).map((values) => Float64Array.from(values))).corrected;
      for (const [i, p] of kept.entries()) expect(p).toBeLessThanOrEqual(corrected[i + 1]!);
    }),
  );
});

test('six seeds tell one of five weights, whichever of the others they tell too', () => {
  const alike = (size: number) => new Float64Array(6).fill(size);
  const wobbling = Float64Array.from([0.1, -0.2, 0.15, -0.05, 0.2, -0.1]);
  const { corrected } = signFlip([alike(0.3), alike(-0.01), wobbling, wobbling.map((value) => -value), alike(2)]);
  expect([corrected[0], corrected[1], corrected[4]]).toEqual([2 / 64, 2 / 64, 2 / 64]);
  expect(corrected[2]).toBeGreaterThan(0.5);
});

import { describe, expect, it } from 'vitest';
import { createRandom, shuffled } from './random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('createRandom', () => {
  it('gives the same numbers for the same seed and stream, others for others', () => {
    const numbers = (seed: number, stream?: number) => draw(5, createRandom(seed, stream).uniform);
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
    expect(numbers(7, 1)).not.toEqual(numbers(7, 2));
    expect(numbers(2 ** 32 + 7)).not.toEqual(numbers(7));
  });

  it('stays what it is: the first numbers of seed 0', () => {
    expect(draw(3, createRandom(0).uniform)).toMatchInlineSnapshot(`
      [
        0.22070574038662016,
        0.5801159082911909,
        0.923033824423328,
      ]
    `);
  });

  it('is uniform in [0, 1): mean 1/2, variance 1/12', () => {
    const values = draw(20_000, createRandom(1).uniform);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(1 / 2, 2);
    expect(mean(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it('is normal with mean 0, variance 1 and kurtosis 3', () => {
    const values = draw(40_000, createRandom(2).normal);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(values))).toBeLessThan(0.02);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(0.2);
  });
});

it('shuffles without losing anything, each place equally likely', () => {
  const random = createRandom(3);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 8000; i++) {
    const order = shuffled([0, 1, 2, 3], random);
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
    counts[order.indexOf(0)] = (counts[order.indexOf(0)] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

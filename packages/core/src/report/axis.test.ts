import { expect, it } from 'vitest';
import { linearAxis, logarithmicAxis } from './axis.ts';

it('names round values on a linear axis', () => {
  expect(linearAxis(0, 500, 5).ticks).toEqual([0, 100, 200, 300, 400, 500]);
  expect(linearAxis(0.43, 3.38, 4).ticks).toEqual([1, 2, 3]);
  expect(linearAxis(0, 0.003, 4).ticks).toEqual([0, 0.001, 0.002, 0.003]);
  expect(linearAxis(0, 500, 5).place(125)).toBe(0.25);
});

it('puts a single value in the middle', () => {
  expect(linearAxis(4, 4, 4).place(4)).toBe(0.5);
  expect(linearAxis(0, 0, 4).place(0)).toBe(0.5);
});

it('gives equal ratios equal distances on a logarithmic axis', () => {
  const axis = logarithmicAxis(0.1, 1000);
  expect([0.1, 1, 10, 1000].map(axis.place).map((place) => Number(place.toFixed(9)))).toEqual([0, 0.25, 0.5, 1]);
  expect(axis.ticks).toEqual([0.1, 1, 10, 100, 1000]);
  expect(logarithmicAxis(0.4, 13).ticks).toEqual([0.5, 1, 2, 5, 10]);
});

it('names values of less than an order of magnitude, and one alone', () => {
  expect(logarithmicAxis(3, 3.5).ticks).toEqual([3, 3.1, 3.2, 3.3, 3.4, 3.5]);
  expect(logarithmicAxis(2, 2)).toMatchObject({ ticks: [2] });
  expect(logarithmicAxis(2, 2).place(2)).toBe(0.5);
});

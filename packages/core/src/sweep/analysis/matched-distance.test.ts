import { expect, test } from 'vitest';
import { matchedDistances } from './matched-distance.ts';

const path = (points: [loss: number, distance: number][]) =>
  points.map(([validationLoss, distanceL2], i) => ({ step: i * 10, validationLoss, distanceL2 }));

test('distances where both have the lowest loss that both had', () => {
  // The first gets to 0.5; the second passes 0.5 halfway between 0.6 and 0.4.
  const first = path([[3, 0], [1, 2], [0.5, 3], [0.7, 5]]); // biome-ignore format: a path a line
  const second = path([[3, 0], [0.6, 4], [0.4, 6]]); // biome-ignore format: a path a line
  expect(matchedDistances(first, second)).toEqual([3, 5]);
  expect(matchedDistances(second, first)).toEqual([5, 3]);
});

test('nothing is known without an evaluation before and after', () => {
  const whole = path([[3, 0], [1, 2]]); // biome-ignore format: a path a line
  expect(matchedDistances(whole, undefined)).toBeNull();
  expect(matchedDistances(whole, path([[0.5, 2], [0.4, 3]]))).toBeNull(); // biome-ignore format: a path a line
  expect(matchedDistances(whole, path([[3, 0], [Number.NaN, 1]]))).toBeNull(); // biome-ignore format: a path a line
  expect(matchedDistances([], [])).toBeNull();
});

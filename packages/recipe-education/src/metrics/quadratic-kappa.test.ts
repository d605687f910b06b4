import { expect, it } from 'vitest';
import { quadraticWeightedKappa } from './quadratic-kappa.ts';

it('is 1 for agreement, 0 for a constant rater, below 0 for the opposite', () => {
  expect(quadraticWeightedKappa([1, 2, 3], [1, 2, 3])).toBe(1);
  expect(quadraticWeightedKappa([4], [4])).toBe(1);
  expect(quadraticWeightedKappa([1, 2, 3], [2, 2, 2])).toBe(0);
  expect(quadraticWeightedKappa([1, 1], [3, 3])).toBe(0);
  // Σ (a − b)² = 4 + 0 + 4 = 8; expected 14 + 14 − 2·6·6/3 = 4.
  expect(quadraticWeightedKappa([1, 2, 3], [3, 2, 1])).toBe(-1);
});

it('equals the matrices written out', () => {
  // Ratings 0 to 2, four rows: O(0,0) = O(1,1) = O(1,2) = O(2,0) = 1. Weights (i − j)².
  // Observed: 1 + 4 = 5. Marginals 1,2,1 and 2,1,1: expected (1·1·1 + 1·1·4 + 2·2·1 + 2·1·1 + 1·2·4 + 1·1·1)/4 = 20/4.
  expect(quadraticWeightedKappa([0, 1, 1, 2], [0, 1, 2, 0])).toBe(1 - 5 / 5);
  expect(quadraticWeightedKappa([0, 1, 2, 3], [0, 1, 2, 2])).toBeCloseTo(1 - 1 / 8, 12);
});

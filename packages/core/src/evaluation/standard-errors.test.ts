import { expect, it } from 'vitest';
import { standardErrors } from './standard-errors.ts';

const of = (
  scores: readonly Record<string, number>[],
  metrics: Record<string, number>,
  rows = scores.map((_, i) => i),
) => standardErrors({ metrics, scores, failed: {} }, rows);

it('is √(p (1 − p) / (n − 1)) of a share: two points of 100 on 500 rows', () => {
  const scores = Array.from({ length: 500 }, (_, i) => ({ exactMatch: i < 365 ? 1 : 0 }));
  expect(of(scores, { exactMatch: 0.73 }).exactMatch).toBeCloseTo(Math.sqrt((0.73 * 0.27) / 499), 12);
});

it('takes several outputs of a row for one', () => {
  const scores = [1, 0, 1, 1, 0, 0].map((score) => ({ exactMatch: score }));
  // Rows of 0.5, 1 and 0.
  expect(of(scores, { exactMatch: 0.5 }, [1, 1, 2, 2, 3, 3]).exactMatch).toBeCloseTo(0.5 / Math.sqrt(3), 12);
});

it('knows none of one row, nor of rows that are all alike, nor of a metric that is no mean of scores', () => {
  expect(of([{ exactMatch: 1 }], { exactMatch: 1 })).toEqual({});
  expect(of([{ exactMatch: 1 }, { exactMatch: 1 }], { exactMatch: 1 })).toEqual({});
  expect(of([{ f1: 1 }, { f1: 0 }], { f1: 0.4, bleu: 20 })).toEqual({});
});

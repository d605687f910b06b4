import { expect, it } from 'vitest';
import { splitRows } from './split.ts';

const rows = Array.from({ length: 100 }, (_, i) => i);

it('sets a share aside, the same for the same seed, each part in order', () => {
  const { train, evaluation } = splitRows(rows, { fraction: 0.1, seed: 4 });
  expect(evaluation).toHaveLength(10);
  expect([...train, ...evaluation].sort((a, b) => a - b)).toEqual(rows);
  expect(train).toEqual([...train].sort((a, b) => a - b));
  expect(splitRows(rows, { fraction: 0.1, seed: 4 }).evaluation).toEqual(evaluation);
  expect(splitRows(rows, { fraction: 0.1, seed: 5 }).evaluation).not.toEqual(evaluation);
});

it('leaves at least one row on each side', () => {
  expect(splitRows([1, 2, 3], { fraction: 0.01, seed: 0 }).evaluation).toHaveLength(1);
  expect(splitRows([1, 2, 3], { fraction: 0.99, seed: 0 }).train).toHaveLength(1);
});

it.each([
  [rows, 0],
  [rows, 1],
  [rows, Number.NaN],
  [[1], 0.5],
])('refuses what can not be split', (some, fraction) => {
  expect(() => splitRows(some, { fraction, seed: 0 })).toThrow(/can't be split[\s\S]*fix:/);
});

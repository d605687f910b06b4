import { describe, expect, it } from 'vitest';
import { splitByGroup, splitByTime, splitRows } from './split.ts';

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

describe('by group', () => {
  const groupOf = (i: number) => `customer ${i % 20}`;

  it('has all rows of a group on one side, and close to the share', () => {
    for (const seed of [0, 1, 2]) {
      const { train, evaluation } = splitByGroup(rows, groupOf, { fraction: 0.2, seed });
      expect(evaluation).toHaveLength(20);
      const held = new Set(evaluation.map(groupOf));
      expect(train.filter((i) => held.has(groupOf(i)))).toEqual([]);
      expect([...train, ...evaluation].sort((a, b) => a - b)).toEqual(rows);
    }
    const { evaluation } = splitByGroup(rows, groupOf, { fraction: 0.2, seed: 0 });
    expect(splitByGroup(rows, groupOf, { fraction: 0.2, seed: 1 }).evaluation).not.toEqual(evaluation);
  });

  it('takes the smallest group where none fits, and refuses one group alone', () => {
    const uneven = (i: number) => (i < 60 ? 'large' : 'small');
    expect(splitByGroup(rows, uneven, { fraction: 0.1, seed: 0 }).evaluation).toHaveLength(40);
    expect(() => splitByGroup(rows, () => 'one', { fraction: 0.1, seed: 0 })).toThrow(/of one group[\s\S]*splitBy/);
  });
});

describe('by time', () => {
  it('holds the latest rows out, in the rows’ own order', () => {
    const { train, evaluation } = splitByTime([5, 9, 1, 7, 3], (time) => time, 0.4);
    expect([train, evaluation]).toEqual([
      [5, 1, 3],
      [9, 7],
    ]);
  });

  it('leaves rows of one time together', () => {
    expect(splitByTime([1, 2, 3, 3, 3, 4], (time) => time, 0.5).evaluation).toEqual([4]);
    expect(splitByTime([1, 2, 3, 3, 3], (time) => time, 0.2).evaluation).toEqual([3, 3, 3]);
    expect(() => splitByTime([3, 3, 3], (time) => time, 0.2)).toThrow(/of one time/);
  });
});

import { expect, it } from 'vitest';
import { vote } from './vote.ts';

it('orders names by the number of lists that hold them, then by how near the top they stand', () => {
  const lists = [
    ['eggs', 'tea'],
    ['milk', 'tea'],
    [undefined, 'milk', 'jam'],
    ['tea', 'oil'],
  ];
  // tea 3 · milk 2 · eggs 1 (1), oil 1 (1/2), jam 1 (1/3)
  expect(vote(lists)).toEqual(['tea', 'milk', 'eggs', 'oil', 'jam']);
});

it('leaves a single list as it is', () => {
  expect(vote([[undefined, 'eggs']])).toEqual([undefined, 'eggs']);
  expect(vote([])).toEqual([]);
  expect(vote([[], []])).toEqual([]);
});

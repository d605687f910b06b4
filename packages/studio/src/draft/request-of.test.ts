import { expect, it } from 'vitest';
import type { Draft } from './draft.ts';
import { requestOf } from './request-of.ts';

const draft: Draft = {
  recipe: 'support',
  recipeOptions: { task: 'intent' },
  recipeFields: [],
  model: '/somewhere/model',
  data: '/somewhere/rows.csv',
  evalData: '',
  evalSplit: 0.1,
  map: { message: 'text' },
  training: { epochs: 2, promptLossWeight: 0.1 },
};
const place = {
  runs: '/somewhere/runs',
  sweeps: '/somewhere/sweeps',
  invalidRows: 2,
  now: new Date(2026, 0, 2, 3, 4, 5),
};

it('is what the command line is given', () => {
  expect(requestOf(draft, {}, place)).toEqual({
    kind: 'train',
    output: '/somewhere/runs/support-20260102-030405',
    options: {
      recipe: 'support',
      recipeOptions: { task: 'intent' },
      model: '/somewhere/model',
      data: ['/somewhere/rows.csv'],
      evalSplit: 0.1,
      map: { message: 'text' },
      skipInvalid: 2,
      epochs: 2,
      promptLossWeight: 0.1,
    },
  });
});

it('is a sweep over weights in place of one weight', () => {
  const { kind, output, options } = requestOf(
    draft,
    { start: 'sweep', name: 'first', 'sweep.weights': '0, 0.1,1', 'sweep.seeds': '3' },
    place,
  );
  expect([kind, output]).toEqual(['sweep', '/somewhere/sweeps/first']);
  expect(options).toMatchObject({ weights: [0, 0.1, 1], seeds: 3, epochs: 2 });
  expect(options).not.toHaveProperty('promptLossWeight');
});

it.each([
  [{ ...draft, training: { epochs: -1 } }, {}, /epochs does not fit/],
  [draft, { name: '../../else' }, /no name for a folder/],
  [draft, { name: '.hidden' }, /no name for a folder/],
  [draft, { start: 'sweep', 'sweep.weights': '0.1' }, /two weights or more/],
  [draft, { start: 'sweep', 'sweep.weights': '0, a' }, /two weights or more/],
] as const)('refuses what would go wrong: %j %j', (wrong, form, message) => {
  expect(() => requestOf(wrong, form, place)).toThrow(message);
});

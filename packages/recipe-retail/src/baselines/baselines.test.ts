import { expect, it } from 'vitest';
import { retail } from '../retail.ts';
import type { RetailRow } from '../row.ts';
import { boughtBefore } from './bought-before.ts';
import { coOccurrence } from './co-occurrence.ts';
import { popularAndBought } from './popular-and-bought.ts';
import { popularity } from './popularity.ts';
import { scoreBaselines } from './score-baselines.ts';

const row = (history: string[], answer: string[], rest: Partial<RetailRow> = {}): RetailRow => ({
  history,
  preferences: [],
  reviews: [],
  returned: [],
  basket: [],
  order: [],
  query: '',
  answer,
  ...rest,
});
// Answers: tea 3, milk 2, jam 2, nuts 1.
const training = [
  row(['bread'], ['jam', 'tea']),
  row(['bread', 'beer'], ['jam', 'tea']),
  row(['beer'], ['nuts', 'milk', 'tea']),
  row(['eggs'], ['milk']),
];

it('popularity is the same for everyone, without what lies in the basket', () => {
  const recommend = popularity(training);
  expect(recommend(row(['bread'], []))).toEqual(['tea', 'jam', 'milk', 'nuts']);
  expect(recommend(row([], [], { basket: ['tea'] }))).toEqual(['jam', 'milk', 'nuts']);
  expect(recommend(row([], [], { order: ['nuts', 'rope', 'jam'] }))).toEqual(['jam', 'nuts', 'rope']);
});

it('co-occurrence adds up P(item | what was had)', () => {
  const recommend = coOccurrence(training);
  // bread: jam 2/2, tea 2/2 · beer: jam 1/2, tea 2/2, nuts 1/2, milk 1/2
  expect(recommend(row(['beer', 'beer'], []))).toEqual(['tea', 'jam', 'milk', 'nuts']);
  expect(recommend(row(['eggs'], []))).toEqual(['milk', 'tea', 'jam', 'nuts']);
  expect(recommend(row(['bread', 'beer'], []))).toEqual(['tea', 'jam', 'milk', 'nuts']);
  expect(recommend(row(['never seen'], []))).toEqual(['tea', 'jam', 'milk', 'nuts']);
});

it('bought before counts the shopper’s own purchases, then popularity', () => {
  const recommend = boughtBefore(training);
  expect(recommend(row(['nuts', 'rope', 'nuts', 'jam'], []))).toEqual(['nuts', 'jam', 'rope', 'tea', 'milk']);
});

it('popular and bought adds the logarithms of popularity and of 1 + times bought', () => {
  const recommend = popularAndBought(training);
  const { length } = recommend(row([], []));
  expect(recommend(row([], []))).toEqual(popularity(training)(row([], [])));
  // milk once in the answers: log 1 + log 5 is more than tea's log 3; rope in none: log 0.5 + log 2 = 0.
  expect(recommend(row(['milk', 'milk', 'milk', 'milk', 'rope'], []))).toHaveLength(length + 1);
  expect(recommend(row(['milk', 'milk', 'milk', 'milk', 'rope'], []))[0]).toBe('milk');
  expect(recommend(row(['milk'], [], { basket: ['milk'] }))).not.toContain('milk');
});

it('are scored with the recipe’s own metrics', async () => {
  const rows = training.map(({ history, answer }) => ({ history, next: answer }));
  const catalogue = ['tea', 'milk', 'jam', 'nuts', 'bread', 'beer', 'eggs'].map((name, at) => ({ name, sold: 9 - at }));
  const scores = await scoreBaselines(retail({ catalogue, cutoffs: [1] }), { training: rows, heldOut: rows });
  // tea is right in three of four rows.
  expect(scores.popularity.hitRateAt1).toBe(0.75);
  expect(scores.popularity.ndcgOverPopularityAt1).toBe(0);
  // milk for eggs, jam or tea for bread, tea for beer
  expect(scores.coOccurrence.hitRateAt1).toBe(1);
  expect(scores.coOccurrence.ndcgOverPopularityAt1).toBe(0.25);
  expect(scores.boughtBefore.hitRateAt1).toBe(0);
  expect(scores.boughtBefore.repeatRateAt1).toBe(1);
});

it('are represented in the recipe by popularity, which reports set beside a model', async () => {
  const rows = training.map(({ history, answer }) => ({ history, next: answer }));
  const recipe = retail({ cutoffs: [2] });
  const parsed = rows.map((given) => recipe.parseRow(given));
  const texts = recipe.baseline?.answer(parsed, parsed) ?? [];
  const { popularity: scored } = await scoreBaselines(recipe, { training: rows, heldOut: rows, length: 2 });
  const ndcg = recipe.metrics.find(({ headline }) => headline);
  expect(ndcg?.name).toBe('ndcgAt2');
  expect(await ndcg?.compute(parsed.map((given, i) => ({ row: given, text: texts[i] as string })))).toBe(
    scored.ndcgAt2,
  );
});

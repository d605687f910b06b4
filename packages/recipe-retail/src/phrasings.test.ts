import { describe, expect, it } from 'vitest';
import { retail } from './retail.ts';

const row = {
  history: ['eggs', 'milk', 'eggs'],
  preferences: ['organic', 'no nuts'],
  reviews: [{ item: 'tea', stars: 2, text: 'too sweet' }],
};
const known = 'Bought: eggs x2, milk\nLikes: organic, no nuts\nReviews: tea 2/5 "too sweet"\n';

describe.each([
  ['next-items', {}, 'Name what this shopper buys next, likeliest first, one a line.'],
  [
    'bought-together',
    { basket: ['jam', 'bread'] },
    'Basket: jam, bread\nName what goes into this basket too, likeliest first, one a line.',
  ],
  [
    'likely-returned',
    { order: ['shoes', 'hat'] },
    'Order: shoes, hat\nName what this shopper will send back of the order, likeliest first, one a line, or say "nothing".',
  ],
  [
    'product-search',
    { query: 'oat drink' },
    'Search: oat drink\nName what this shopper looks for, likeliest first, one a line.',
  ],
] as const)('%s', (task, own, words) => {
  const recipe = retail({ task });
  const { prompt } = recipe.render(recipe.parseRow({ ...row, ...own }));

  it('is asked in these words by default', () => {
    expect(prompt.map(({ text }) => text).join('')).toBe(`${known}${words}`);
  });

  it('has other words for its instruction, one of them never trained on', () => {
    expect(Object.keys(prompt.at(-1)?.phrasings ?? {})).toEqual(['question', 'list', 'heldOut']);
  });

  it('has lines that may change places, all but the instruction', () => {
    const parts = prompt.map(({ freedom }) => freedom?.part);
    expect([...new Set(parts)].slice(0, 3)).toEqual(['Bought', 'Likes', 'Reviews']);
    expect(parts.at(-1)).toBeUndefined();
    expect(parts.slice(0, -1)).not.toContain(undefined);
  });
});

it('sets may come in any order, what was bought and when may not; only a search is somebody’s own words', () => {
  const freedoms = (task: 'bought-together' | 'product-search', own: object) => {
    const recipe = retail({ task });
    const { prompt } = recipe.render(recipe.parseRow({ ...row, ...own }));
    return Object.fromEntries(
      prompt.flatMap(({ text, freedom: { part, ...free } = {} }) =>
        Object.keys(free).length > 0 ? [[text, free]] : [],
      ),
    );
  };
  expect(freedoms('bought-together', { basket: ['jam', 'bread'] })).toEqual({
    'organic, no nuts': { items: ['organic', 'no nuts'] },
    'jam, bread': { items: ['jam', 'bread'] },
  });
  expect(freedoms('product-search', { query: 'oat drink' })).toEqual({
    'organic, no nuts': { items: ['organic', 'no nuts'] },
    'oat drink': { case: true, typing: true },
  });
});

it('the same names in the same order are one answer', () => {
  const { normaliseAnswer = String } = retail();
  expect(normaliseAnswer(' Oat Milk\n\nFRZN MEAT/MEAT dinners\n')).toBe(
    normaliseAnswer('oat milk\nfrzn meat - meat dinners'),
  );
  expect(normaliseAnswer('a\nb')).not.toBe(normaliseAnswer('b\na'));
});

import { readFileSync } from 'node:fs';
import { recipeConformance } from '@counterweight/core/testing';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { RetailOptionsInput } from './options-input.ts';
import { retail } from './retail.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const jsonLines = (name: string): Record<string, unknown>[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const catalogue: { name: string; sold: number }[] = JSON.parse(read('completejourney-catalogue.json'));
const searches: Record<string, string>[] = parse(read('product-search-eval.csv'), { columns: true });

/** Made up: there are no real rows of returns that may be copied here. */
const returns = [
  {
    history: ['running shoes', 'rain jacket', 'jeans'],
    returned: [{ item: 'running shoes', reason: 'too small' }, 'rain jacket'],
    reviews: [{ item: 'jeans', stars: 5 }],
    order: ['running shoes', 'jeans', 'socks'],
    willReturn: ['running shoes'],
  },
  { preferences: ['wide feet'], order: ['socks'], willReturn: [] },
  { order: 'sandals; slippers', willReturn: 'slippers' },
];

const cases: readonly [RetailOptionsInput, readonly unknown[]][] = [
  [{ catalogue }, jsonLines('next-items-eval.jsonl')],
  [
    { catalogue, historyOrder: 'most-recent', answerOrder: 'as-given' },
    jsonLines('next-items-train.jsonl').slice(0, 20),
  ],
  [{ cutoffs: [1, 10], averagePrecision: 'ranx' }, jsonLines('next-items-eval.jsonl')],
  [{ task: 'bought-together', catalogue, constrain: true }, jsonLines('bought-together-eval.jsonl')],
  [{ task: 'product-search' }, searches],
  [{ task: 'likely-returned' }, returns],
];

describe.each(cases)('retail(%#) conforms', (options, rows) => {
  for (const check of recipeConformance({ recipe: retail(options), rows })) it(check.name, check.run);
});

const textOf = (row: unknown, options: RetailOptionsInput = {}) => {
  const recipe = retail(options);
  const { prompt, completion } = recipe.render(recipe.parseRow(row));
  return [prompt, completion].map((segments) => segments.map(({ text }) => text).join(''));
};

describe('a row in words', () => {
  it('next items: the most bought first, of equals the latest', () => {
    expect(
      textOf({ history: ['eggs', 'tea', 'milk', 'tea'], preferences: ['organic'], next: ['jam', 'tea', 'milk'] }),
    ).toEqual([
      'Bought: tea x2, milk, eggs\nLikes: organic\nName what this shopper buys next, likeliest first, one a line.',
      'tea\nmilk\njam',
    ]);
  });

  it('next items, in the order of time', () => {
    const options = { historyOrder: 'most-recent', historyItems: 3, answerOrder: 'as-given' } as const;
    expect(textOf({ history: ['eggs', 'tea', 'milk', 'tea'], next: ['jam', 'tea'] }, options)).toEqual([
      'Bought: tea, milk, tea\nName what this shopper buys next, likeliest first, one a line.',
      'jam\ntea',
    ]);
  });

  it('reviews and returns stand in the prompt', () => {
    expect(textOf(returns[0], { task: 'likely-returned' })).toEqual([
      'Bought: jeans, rain jacket, running shoes\nReviews: jeans 5/5\n' +
        'Sent back: running shoes (too small); rain jacket\nOrder: running shoes, jeans, socks\n' +
        'Name what this shopper will send back of the order, likeliest first, one a line, or say "nothing".',
      'running shoes',
    ]);
    expect(textOf(returns[1], { task: 'likely-returned' })[1]).toBe('nothing');
  });

  it('bought together: by sales, each name once, as many as are measured', () => {
    const sales = [
      { name: 'salt', sold: 5 },
      { name: 'oil', sold: 9 },
    ];
    const row = { basket: ['pasta', 'tomatoes'], together: ['basil', 'salt', 'salt', 'oil'] };
    expect(textOf(row, { task: 'bought-together', catalogue: sales, cutoffs: [2, 1] })).toEqual([
      'Basket: pasta, tomatoes\nName what goes into this basket too, likeliest first, one a line.',
      'oil\nsalt',
    ]);
  });

  it('product search: cells of a CSV file, answers as given', () => {
    expect(textOf({ query: 'rug', results: 'Area Rugs; Door Mats' }, { task: 'product-search' })).toEqual([
      'Search: rug\nName what this shopper looks for, likeliest first, one a line.',
      'Area Rugs\nDoor Mats',
    ]);
  });

  it.each([
    [{}, { next: ['x'] }, 'history', /missing/],
    [{}, { history: ['x'], next: [] }, 'next', /holds no name/],
    [{}, { history: ['x', 7] }, 'history.1', /expected string/],
    [{ task: 'bought-together' }, { history: ['x'] }, 'basket', /missing/],
    [{ task: 'product-search' }, { query: ' ' }, 'query', /is empty/],
    [{}, { history: ['x'], reviews: [{ item: 'x', stars: 6 }] }, 'reviews.0.stars', /does not fit/],
  ] as const)('%j refuses %j, naming the field', (options, row, field, message) => {
    expect(() => retail(options).parseRow(row)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });
});

it('measures what was written, with unknown names as misses', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const recipe = retail({ catalogue: names.map((name, at) => ({ name, sold: 8 >> at })), cutoffs: [2] });
  const row = () => recipe.parseRow({ history: ['a', 'c'], next: ['b', 'd'] });
  const unanswered = recipe.parseRow({ history: ['a'] });
  const scores = await scoresOf(recipe, [
    { row: row(), text: 'moon\nb\nb' },
    { row: row(), text: 'D\na' },
    { row: unanswered, text: 'a' },
  ]);
  expect(scores).toMatchObject({ hitRateAt2: 1, recallAt2: 0.5, precisionAt2: 0.5, mrrAt2: 0.75, unknownNames: 1 / 5 });
  // b, a and d of four names; b, d, a, a are recommended
  expect(scores).toMatchObject({ coverageAt2: 3 / 4, repeatRateAt2: 2 / 4, repeatRateGapAt2: 2 / 4 });
});

it('takes several outputs of a row as votes', async () => {
  const recipe = retail({ catalogue: ['a', 'b', 'c'], cutoffs: [1] });
  const row = recipe.parseRow({ history: ['a'], next: ['b'] });
  const votes = ['a\nb', 'b', 'moon'].map((text) => ({ row, text }));
  const again = { row: recipe.parseRow({ history: ['a'], next: ['b'] }), text: 'c' };
  expect(await scoresOf(recipe, [...votes, again])).toMatchObject({ hitRateAt1: 0.5, unknownNames: 1 / 5 });
});

it('ranks the catalogue by likelihood where there is one, by what is known of the shopper too', () => {
  const recipe = retail({ task: 'bought-together', catalogue: ['tea', 'milk', 'jam'], cutoffs: [2, 3], prior: 0.5 });
  const { rank, ...set } = recipe.answers ?? {};
  expect(set).toEqual({ texts: ['tea', 'milk', 'jam'], separator: '\n' });
  expect(rank?.count).toBe(3);
  const row = recipe.parseRow({ basket: ['TEA'], together: ['jam'], history: ['milk', 'Milk', 'tea'] });
  expect(rank?.bonus?.('tea', row)).toBe(Number.NEGATIVE_INFINITY);
  expect(rank?.bonus?.('milk', row)).toBeCloseTo(0.5 * Math.log(3), 12);
  expect(rank?.bonus?.('jam', row)).toBe(0);
});

it('constrains generation to the catalogue', () => {
  expect(retail({ catalogue: ['a', { name: 'b', sold: 1 }], constrain: true }).answers).toEqual({
    texts: ['a', 'b'],
    separator: '\n',
  });
  expect(retail({ task: 'likely-returned', catalogue: ['a'], constrain: true }).answers?.texts).toEqual([
    'a',
    'nothing',
  ]);
  expect(retail({ catalogue: ['a'], rank: 'generate' }).answers).toBeUndefined();
  expect(retail({ task: 'likely-returned', catalogue: ['a'] }).answers).toBeUndefined();
  expect(retail({}).answers).toBeUndefined();
});

it.each([
  [{ constrain: true }, 'constrain', /needs a "catalogue"/],
  [{ rank: 'likelihood' }, 'rank', /needs a "catalogue"/],
  [{ rank: 'likelihood', catalogue: ['a'], constrain: true }, 'constrain', /writes none/],
  [{ rank: 'likelihood', catalogue: ['a'], task: 'likely-returned' }, 'rank', /nothing/],
  [{ task: 'sing' }, 'task', /does not fit/],
  [{ cutoffs: [] }, 'cutoffs', /does not fit/],
  [{ catalog: [] }, 'catalog', /there is no "catalog"/],
])('refuses the options %j', (options, option, message) => {
  expect(() => retail(options as never)).toThrow(
    expect.objectContaining({ option, message: expect.stringMatching(message) }),
  );
});

async function scoresOf<Row>(
  { metrics }: Pick<import('@counterweight/core/recipe').Recipe<Row>, 'metrics'>,
  predictions: readonly { readonly row: Row; readonly text: string }[],
): Promise<Record<string, number>> {
  const scores: Record<string, number> = {};
  for (const { name, compute } of metrics) scores[name] = await compute(predictions);
  return scores;
}

import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { takeExamples } from '../batches/take-examples.ts';
import { sourceRowsOf } from '../rows/source-row.ts';
import { recipeConformance } from '../testing/conformance.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import { prepareExamples } from '../tokenization/prepare-examples.ts';
import { tokenizeHere } from '../tokenization/tokenize-rows.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { defineRecipe } from './define-recipe.ts';
import { extendRecipe } from './extend-recipe.ts';
import { meanOf } from './metric.ts';
import { mixRecipes } from './mix-recipes.ts';
import { plain } from './plain.ts';
import type { Metric, PlainLayout, Recipe } from './recipe.ts';

const turn = (before: string, after: string) => ({ before, after });
const layoutOf = (name: string): PlainLayout => ({
  system: turn(`${name}:`, '\n'),
  user: turn(`${name} `, '|'),
  assistant: turn('→', '\n'),
  tool: turn('', ''),
});

interface Row {
  text: string;
  answer?: string | undefined;
}

/** A recipe that differs from its like in everything that could leak from one to the other. */
function recipeOf(name: string, { weight = 0.1, maxLength = 100, field = 'answer' } = {}): Recipe<Row> {
  return defineRecipe<Row>({
    name,
    options: { weight },
    // Strict: the mixture's own field must not reach it.
    row: z.strictObject({ text: z.string(), answer: z.string().optional() }),
    answerField: field,
    defaults: {
      promptLossWeight: weight,
      promptLossWeightReason: 'a reason',
      generationRatio: 1,
      maxLength,
      maxNewTokens: 8,
    },
    layout: layoutOf(name),
    render: ({ text, answer }) => ({
      prompt: [
        { role: 'system', text: 'Fixed.', weight: 0.7 },
        { role: 'user', text, shorten: 'end' },
        { role: 'assistant', text: 'shown', weight: 0 },
        { role: 'user', text: '?', weight: 2 },
      ],
      completion: answer ? [{ role: 'assistant', text: answer }] : [],
    }),
    metrics: [
      meanOf<Row>({
        name: 'exactMatch',
        direction: 'higher-is-better',
        definition: 'equal',
        score: (row, text) => (row.answer === text ? 1 : 0),
      }),
    ],
    tally: ({ text }) => ({ characters: text.length }),
  });
}

const tokenizer = tinyTokenizer();
const prepare = async <R>(recipe: Recipe<R>, rows: readonly unknown[], training: TrainingOptionsInput = {}) => {
  const { examples, receipt } = await prepareExamples({
    sourceRows: sourceRowsOf(rows),
    recipe,
    tokenizeChunk: tokenizeHere(tokenizer, undefined),
    training: parseTrainingOptions({ templateLossWeight: 0.25, ...training }),
    maxLengthOf: ({ defaults }) => defaults.maxLength,
  });
  return { examples: takeExamples(examples), receipt };
};

const rowsOf = fc.array(
  fc.record({
    recipe: fc.constantFrom('one', 'two-x'),
    text: fc.string({ maxLength: 30 }),
    answer: fc.string({ minLength: 1, maxLength: 6 }).filter((text) => text.trim() !== ''),
  }),
  { minLength: 1, maxLength: 12 },
);
const weightOf = fc.double({ min: 0, max: 1, noNaN: true });

describe('a row of a mixture', () => {
  it('has the ids, weights and cuts that its own recipe gives it alone, to the last bit', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, weightOf, weightOf, async (rows, weight, other) => {
        const recipes = [
          recipeOf('one', { weight, maxLength: 60 }),
          recipeOf('two-x', { weight: other, maxLength: 50 }),
        ];
        for (const given of [{}, { promptLossWeight: 0.3 }]) {
          const { examples } = await prepare(mixRecipes(recipes), rows, given);
          for (const [i, { recipe, ...row }] of rows.entries()) {
            const own = recipes.find(({ name }) => name === recipe) as Recipe<Row>;
            expect(examples[i]).toEqual((await prepare(own, [row], given)).examples[0]);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is counted, and its recipe’s counts with it', async () => {
    const mixture = mixRecipes([recipeOf('one'), recipeOf('two-x')]);
    const { receipt } = await prepare(mixture, [
      { recipe: 'one', text: 'ab', answer: 'x' },
      { recipe: 'two-x', text: 'c', answer: 'x' },
      { recipe: 'one', text: '', answer: 'x' },
    ]);
    expect(receipt.tallies).toEqual({ 'rows of one': 2, 'rows of two-x': 1, characters: 3 });
  });

  it('names its own answer field when it has no answer', async () => {
    const mixture = mixRecipes([recipeOf('one'), recipeOf('two-x', { field: 'reply' })]);
    await expect(prepare(mixture, [{ recipe: 'two-x', text: 'a' }])).rejects.toThrow(/row 1, field "reply"/);
    expect(mixture.answerField).toBe('answer or reply');
  });

  it('must say whose it is', () => {
    const { parseRow } = mixRecipes([recipeOf('one'), plain()]);
    expect(parseRow({ recipe: 'one', text: 'a' })).toEqual({ recipe: 'one', row: { text: 'a' } });
    expect(() => parseRow({ text: 'a' })).toThrow(expect.objectContaining({ field: 'recipe' }));
    expect(() => parseRow({ recipe: 'three', text: 'a' })).toThrow(/expected one of "one"\|"plain"/);
    expect(() => parseRow({ recipe: 'one' })).toThrow(expect.objectContaining({ field: 'text' }));
  });
});

describe('the metrics of a mixture', () => {
  it('bear their recipe’s name and see its rows only; without any, they are not a number', async () => {
    const { metrics } = mixRecipes([recipeOf('one'), recipeOf('two-x')]);
    expect(metrics.map(({ name }) => name)).toEqual(['oneExactMatch', 'twoXExactMatch']);
    const predictions = [
      { row: { recipe: 'one', row: { text: '', answer: 'yes' } }, text: 'yes' },
      { row: { recipe: 'one', row: { text: '', answer: 'yes' } }, text: 'no' },
    ];
    expect(await Promise.all(metrics.map((metric) => metric.compute(predictions)))).toEqual([0.5, Number.NaN]);
  });

  it('see several outputs of a row with the very same row', async () => {
    const seen: Row[] = [];
    const watcher: Metric<Row> = {
      name: 'watcher',
      direction: 'higher-is-better',
      definition: 'remembers',
      compute: (predictions) => seen.push(...predictions.map((prediction) => prediction.row)),
    };
    const one = extendRecipe(recipeOf('one'), { metrics: () => [watcher] });
    const row = { recipe: 'one', row: { text: '', answer: 'yes' } };
    await mixRecipes([one]).metrics[0]?.compute([
      { row, text: 'a' },
      { row, text: 'b' },
    ]);
    expect(seen.map((own) => own === row.row)).toEqual([true, true]);
  });
});

describe('mixRecipes', () => {
  it('conforms', async () => {
    const rows = ['one', 'plain'].flatMap((recipe) =>
      ['a', 'b'].map((word) =>
        recipe === 'one'
          ? { recipe, text: word, answer: `${word}!` }
          : { recipe, prompt: word, completion: `${word}?` },
      ),
    );
    const recipe = mixRecipes([recipeOf('one', { maxLength: 100 }), plain()], { proportions: { one: 1, plain: 3 } });
    for (const check of recipeConformance({ recipe, rows })) await check.run();
  });

  it('knows the rows of its recipes', () => {
    const mixture = mixRecipes([recipeOf('one'), plain()]);
    expectTypeOf<ReturnType<typeof mixture.parseRow>['row']>().toEqualTypeOf<
      Row | ReturnType<ReturnType<typeof plain>['parseRow']>
    >();
  });

  it('writes down what it is made of', () => {
    const mixture = mixRecipes([recipeOf('one'), recipeOf('two', { weight: 0.3 })], {
      proportions: { one: 3, two: 1 },
    });
    expect(mixture.options).toEqual({
      recipes: [
        { name: 'one', options: { weight: 0.1 } },
        { name: 'two', options: { weight: 0.3 } },
      ],
      proportions: { one: 3, two: 1 },
    });
    expect(mixture.mixture?.proportions).toEqual({ one: 0.75, two: 0.25 });
    expect(mixture.defaults.promptLossWeight).toBeCloseTo(0.15, 12);
    expect(mixture.defaults.promptLossWeightReason).toContain('(one 0.1, two 0.3)');
  });

  it.each<[string, () => unknown, RegExp]>([
    ['no recipes', () => mixRecipes([]), /nothing to mix/],
    ['two of one name', () => mixRecipes([plain(), plain()]), /two recipes are named "plain"/],
    ['a mixture in a mixture', () => mixRecipes([mixRecipes([plain()])]), /is a mixture itself/],
    ['an unknown name', () => mixRecipes([plain()], { proportions: { plain: 1, code: 1 } }), /no recipe "code"/],
    [
      'a missing one',
      () => mixRecipes([plain(), recipeOf('one')], { proportions: { plain: 1 } }),
      /proportion of "one"/,
    ],
    ['one that is not above 0', () => mixRecipes([plain()], { proportions: { plain: 0 } }), /above 0/],
  ])('refuses %s', (_, mix, message) => {
    expect(mix).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineRecipe, resolveOptions } from './define-recipe.ts';
import { meanOf } from './metric.ts';
import { RecipeOptionError, RowError } from './recipe.ts';

const nothing = { before: '', after: '' };
const recipe = defineRecipe({
  name: 'opposites',
  options: {},
  row: z.object({ word: z.string(), turns: z.array(z.object({ role: z.enum(['user', 'tool']) })).optional() }),
  answerField: 'opposite',
  defaults: { promptLossWeight: 0, promptLossWeightReason: 'none', generationRatio: 1, maxLength: 64, maxNewTokens: 8 },
  layout: { system: nothing, user: nothing, assistant: nothing, tool: nothing },
  render: (row) => ({ prompt: [{ role: 'user', text: row.word }], completion: [] }),
  metrics: [],
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('parseRow of a defined recipe', () => {
  it('gives the row, without the fields that are not its own', () => {
    expect(recipe.parseRow({ word: 'hot', id: 7 })).toEqual({ word: 'hot' });
  });

  it.each([
    [{}, 'word', '"word" is missing'],
    [{ word: 4 }, 'word', '"word" does not fit: expected string, received number'],
    [
      { word: 'hot', turns: [{ role: 'user' }, { role: 'bot' }] },
      'turns.1.role',
      /"turns.1.role" does not fit: expected one of/,
    ],
    ['hot', '', /the row does not fit: expected object/],
    [null, '', /the row does not fit/],
  ])('names the field of %j', (input, field, problem) => {
    const error = errorOf(() => recipe.parseRow(input));
    expect(error).toBeInstanceOf(RowError);
    expect((error as RowError).field).toBe(field);
    expect((error as RowError).message).toMatch(problem);
  });
});

it('names the option that does not fit', () => {
  const schema = z.strictObject({ style: z.enum(['short', 'long']).default('short') });
  expect(resolveOptions(schema, {})).toEqual({ style: 'short' });
  expect(errorOf(() => resolveOptions(schema, { style: 'wide' }))).toMatchObject({
    name: 'RecipeOptionError',
    option: 'style',
  });
  const unknown = errorOf(() => resolveOptions(schema, { stile: 'short' }));
  expect(unknown).toBeInstanceOf(RecipeOptionError);
  expect(unknown).toMatchObject({ option: 'stile' });
});

it('takes the mean of a score over the rows', () => {
  const length = meanOf<{ word: string }>({
    name: 'length',
    direction: 'lower-is-better',
    definition: 'characters',
    score: (_, text) => text.length,
  });
  const row = { word: '' };
  expect(
    length.compute([
      { row, text: 'ab' },
      { row, text: 'abcd' },
      { row, text: '' },
    ]),
  ).toBe(2);
});

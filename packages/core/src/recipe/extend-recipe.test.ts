import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineRecipe } from './define-recipe.ts';
import { extendRecipe } from './extend-recipe.ts';
import { meanOf } from './metric.ts';
import { mixRecipes } from './mix-recipes.ts';
import type { Recipe } from './recipe.ts';

const nothing = { before: '', after: '' };
interface Row {
  word: string;
  opposite?: string | undefined;
}

const exactMatch = meanOf<Row>({
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition: 'equal',
  score: (row, text) => (row.opposite === text ? 1 : 0),
});

const base = defineRecipe<Row>({
  name: 'opposites',
  options: { language: 'en' },
  row: z.object({ word: z.string().trim(), opposite: z.string().optional() }),
  answerField: 'opposite',
  defaults: { promptLossWeight: 0, promptLossWeightReason: 'none', generationRatio: 1, maxLength: 64, maxNewTokens: 8 },
  layout: { system: nothing, user: { before: 'Q: ', after: '\n' }, assistant: nothing, tool: nothing },
  render: ({ word, opposite }) => ({
    prompt: [{ role: 'user', text: word }],
    completion: opposite ? [{ role: 'assistant', text: opposite }] : [],
  }),
  metrics: [exactMatch],
  tally: ({ word }) => ({ letters: word.length }),
});

describe('extendRecipe', () => {
  it('changes what is named, and nothing else', () => {
    const unchanged = extendRecipe(base, {});
    expect(unchanged).toEqual({ ...base, parseRow: expect.any(Function) });
    expect(unchanged.parseRow({ word: ' hot ' })).toEqual({ word: 'hot' });

    const changed = extendRecipe(base, {
      name: 'shouted',
      options: { ...(base.options as object), loud: true },
      defaults: { maxNewTokens: 4, promptLossWeight: 0.5, promptLossWeightReason: 'measured' },
      layout: { assistant: { before: 'A: ', after: '' } },
      render: (row, before) => ({ ...before.render(row), prompt: [{ role: 'user', text: row.word.toUpperCase() }] }),
      tally: (row, before) => ({ ...before.tally?.(row), words: 1 }),
    });
    expect(changed.options).toEqual({ language: 'en', loud: true });
    expect(changed.defaults).toEqual({
      ...base.defaults,
      maxNewTokens: 4,
      promptLossWeight: 0.5,
      promptLossWeightReason: 'measured',
    });
    expect(changed.layout).toEqual({ ...base.layout, assistant: { before: 'A: ', after: '' } });
    const row = changed.parseRow({ word: 'hot', opposite: 'cold' });
    expect(changed.render(row)).toEqual({
      prompt: [{ role: 'user', text: 'HOT' }],
      completion: [{ role: 'assistant', text: 'cold' }],
    });
    expect(changed.tally?.(row)).toEqual({ letters: 3, words: 1 });
    expect(base.render(row).prompt).toEqual([{ role: 'user', text: 'hot' }]);
  });

  it('adds metrics to those of the base', async () => {
    const brevity = meanOf<Row>({ ...exactMatch, name: 'brevity', score: (_, text) => -text.length });
    const { metrics } = extendRecipe(base, { metrics: (before) => [...before.metrics, brevity] });
    expect(metrics.map(({ name }) => name)).toEqual(['exactMatch', 'brevity']);
    const predictions = [{ row: { word: 'hot', opposite: 'cold' }, text: 'cold' }];
    expect(await Promise.all(metrics.map((metric) => metric.compute(predictions)))).toEqual([1, -4]);
  });

  it('adds fields to the rows, and narrows those there are, with their types', () => {
    const register = z.object({ register: z.enum(['formal', 'plain']), word: z.enum(['hot', 'cold']) });
    const extended = extendRecipe(base, {
      row: register,
      render: (row, before) => {
        expectTypeOf(row.register).toEqualTypeOf<'formal' | 'plain'>();
        return { ...before.render(row), prompt: [{ role: 'user', text: `${row.register}: ${row.word}` }] };
      },
      metrics: (before) => [
        ...before.metrics,
        meanOf({ ...exactMatch, name: 'formal', score: (row) => (row.register === 'formal' ? 1 : 0) }),
      ],
    });
    expectTypeOf<ReturnType<typeof extended.parseRow>['word']>().toEqualTypeOf<'hot' | 'cold'>();
    expectTypeOf<ReturnType<typeof extended.parseRow>['opposite']>().toEqualTypeOf<string | undefined>();
    // The base trims the word before the narrower type sees it; fields of neither are left out.
    const row = extended.parseRow({ word: ' hot ', opposite: 'cold', register: 'plain', id: 7 });
    expect(row).toEqual({ word: 'hot', opposite: 'cold', register: 'plain' });
    expect(extended.render(row).prompt[0]?.text).toBe('plain: hot');
    expect(() => extended.parseRow({ word: 'hot' })).toThrow(expect.objectContaining({ field: 'register' }));
    expect(() => extended.parseRow({ word: 'warm', register: 'plain' })).toThrow(
      expect.objectContaining({ field: 'word' }),
    );
    expect(() => extended.parseRow({ register: 'plain' })).toThrow(expect.objectContaining({ field: 'word' }));
  });

  it('keeps the row of the base where it is not extended', () => {
    expectTypeOf(extendRecipe(base, { name: 'other' })).toEqualTypeOf<Recipe<Row>>();
    // @ts-expect-error: a weight without its reason
    extendRecipe(base, { defaults: { promptLossWeight: 0.5 } });
  });

  it('extends a mixture in what is the mixture’s own', () => {
    const mixture = mixRecipes([base, extendRecipe(base, { name: 'others' })]);
    expect(extendRecipe(mixture, { name: 'both' }).mixture).toBe(mixture.mixture);
    expect(() => extendRecipe(mixture, { defaults: { maxLength: 9 } })).toThrow(/extend, then mix/);
  });
});

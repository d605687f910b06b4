import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineRecipe } from './define-recipe.ts';
import { extendRecipe } from './extend-recipe.ts';
import { mixRecipes } from './mix-recipes.ts';
import { plain } from './plain.ts';
import type { Recipe } from './recipe.ts';
import { fieldsOfSchema, unreadBySchema, unreadFieldsOf } from './unread-fields.ts';

const defined = (row: z.ZodType) =>
  defineRecipe({
    ...plain(),
    name: 'own',
    row,
    render: () => ({ prompt: [], completion: [] }),
    metrics: [],
    tally: () => ({}),
  });

describe('the fields that a recipe may read', () => {
  const a = z.object({ a: z.string() });
  const b = z.strictObject({ b: z.string().optional() });
  it.each<[string, z.ZodType, string[] | undefined]>([
    ['an object', a, ['a']],
    ['a strict one', b, ['b']],
    ['one that lets others through', z.looseObject({ a: z.string() }), undefined],
    ['one that is checked and made into something else', a.superRefine(() => {}).transform((row) => row), ['a']],
    ['one of two', z.union([a, b]), ['a', 'b']],
    ['both', z.intersection(a, b), ['a', 'b']],
    ['what sees the row before', z.preprocess((row) => row, a), undefined],
    ['anything', z.unknown(), undefined],
  ])('are those of %s', (_, schema, fields) => {
    expect(fieldsOfSchema(schema)).toEqual(fields);
  });

  it('are those of all recipes in it', () => {
    expect(defined(a).rowFields).toEqual(['a']);
    expect(extendRecipe(defined(a), { row: b }).rowFields).toEqual(['a', 'b']);
    expect(mixRecipes([plain(), defined(a)]).rowFields).toEqual(['recipe', ...(plain().rowFields ?? []), 'a']);
  });
});

describe('the fields that a recipe does not read', () => {
  it('are those that its schema drops, at any depth', () => {
    const turn = z.union([
      z.object({ speaker: z.string(), text: z.string() }),
      z.object({ role: z.string(), content: z.string() }),
    ]);
    const schema = z
      .object({
        a: z.string().optional(),
        turns: z.preprocess((value) => value, z.array(turn)).optional(),
        loose: z.looseObject({}).optional(),
        by: z.record(z.string(), z.object({ x: z.number() })).default({}),
        pair: z.tuple([z.string(), z.object({ y: z.number() })]).nullish(),
      })
      .superRefine(() => {})
      .transform((row) => ({ ...row }));
    const row = {
      a: 'x',
      b: 1,
      empty: '',
      turns: [
        { speaker: 's', text: 't', when: 1 },
        { role: 'r', content: 'c', id: 2, nothing: null },
      ],
      loose: { anything: 1 },
      by: { one: { x: 1, z: 1 } },
      pair: ['p', { y: 1, w: 1 }],
    };
    expect(unreadBySchema(schema, row)).toEqual(['b', 'turns[].when', 'turns[].id', 'by{}.z', 'pair[].w']);
    expect(unreadFieldsOf(defined(schema), row)).toContain('b');
  });

  it('are those that neither base nor extension reads', () => {
    const base = defined(z.object({ a: z.string() }));
    const extended = extendRecipe(base, { row: z.object({ b: z.string() }) });
    expect(unreadFieldsOf(extended, { a: 'x', b: 'y', c: 'z' })).toEqual(['c']);
    expect(unreadFieldsOf(extendRecipe(plain(), { name: 'p' }), { prompt: 'a', b: 'y' })).toEqual(['b']);
  });

  it('are those of the row’s own recipe in a mixture', () => {
    const mixed = mixRecipes([defined(z.object({ a: z.string() })), plain()]);
    expect(unreadFieldsOf(mixed, { recipe: 'own', a: 'x', b: 'y' })).toEqual(['b']);
    expect(unreadFieldsOf(mixed, { recipe: 'plain', prompt: 'x', b: 'y' })).toEqual(['b']);
  });

  it('are those that a parseRow of its author’s own does not ask for', () => {
    const { unreadFields: _, ...rest } = plain();
    const own = (parseRow: (input: unknown) => unknown) => ({ ...rest, parseRow }) as unknown as Recipe<unknown>;
    const row = { a: 1, b: 2, c: null };
    expect(
      unreadFieldsOf(
        own((input) => (input as { a: number }).a),
        row,
      ),
    ).toEqual(['b']);
    expect(
      unreadFieldsOf(
        own((input) => ({ ...(input as object) })),
        row,
      ),
    ).toEqual([]);
  });
});

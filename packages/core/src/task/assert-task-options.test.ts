import { expect, it } from 'vitest';
import { fineTune } from '../fine-tune.ts';
import { generate } from '../generate.ts';
import { plain } from '../recipe/plain.ts';

const untyped = (options?: object) => options as never;
const recipe = plain();

it.each([
  ['no options', () => fineTune(untyped()), 'option output'],
  ['no output', () => fineTune(untyped({ recipe, model: './model' })), 'option output'],
  ['a recipe by its name', () => generate(untyped({ recipe: 'support', model: './model', rows: [] })), 'option recipe'],
  [
    'a recipe that is not made yet',
    () => generate(untyped({ recipe: plain, model: './m', rows: [] })),
    'option recipe',
  ],
  ['no model', () => generate(untyped({ recipe, rows: [] })), 'option model'],
])('a program that gives %s is told', async (_, run, where) => {
  await expect(run()).rejects.toMatchObject({ code: 'option-invalid', where });
});

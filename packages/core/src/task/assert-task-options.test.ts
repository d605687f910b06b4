import { expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { exportModel } from '../export-model.ts';
import { fineTune } from '../fine-tune.ts';
import { generate } from '../generate.ts';
import { preview } from '../preview.ts';
import { plain } from '../recipe/plain.ts';
import { score } from '../score.ts';

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

it.each([
  [
    'a training option',
    () => fineTune(untyped({ learningRate: 1 })),
    /no option learningRate here[\s\S]*training: \{ learningRate/,
  ],
  ['a misspelt name', () => evaluate(untyped({ dta: 'x' })), /Did you mean data\?/],
  ['what another function takes', () => generate(untyped({ output: 'x' })), /There are recipe, model/],
  ['rows where files are meant', () => preview(untyped({ row: 1 })), /Did you mean rows\?/],
  ['a name of the command line', () => score(untyped({ 'skip-invalid': 1 })), /Did you mean skipInvalid\?/],
  [
    'a flag that is none',
    () => exportModel(untyped({ run: 'x', to: 'gguf', quantize: true })),
    /no option quantize here/,
  ],
])('a program that gives %s, which would be ignored, is told', async (_, run, message) => {
  await expect(run()).rejects.toMatchObject({ code: 'option-invalid', message: expect.stringMatching(message) });
});

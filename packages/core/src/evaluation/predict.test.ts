import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { mixRecipes } from '../recipe/mix-recipes.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import type { Prediction } from '../recipe/recipe.ts';
import { examplesOf, exampleWith } from '../test-support/examples.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import { predict } from './predict.ts';
import type { Samples } from './samples.ts';

describe('predict', () => {
  const tokenizer = {
    ...tinyTokenizer(),
    vocabularySize: tinyConfig.vocabularySize,
    decode: (ids: readonly number[]) => ids.join(' '),
  };
  const rows: PlainRow[] = [{ prompt: 'one' }, { prompt: 'two' }];
  const examples = examplesOf(
    [
      [1, 9],
      [1, 7, 8],
    ].map((ids) => exampleWith({ ids, roles: ids.map(() => 'user'), promptLength: ids.length })),
  );
  const recipe = extendRecipe(plain(), { defaults: { maxNewTokens: 6 } });
  const predicted = async (sampling: Samples) => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'nothing' });
    const made = await predict(decoder, { rows, examples }, { recipe, tokenizer, sampling });
    decoder.parameters.dispose();
    return made;
  };

  it('puts the samples of a row one after the other, with the very same row, decided by the seed', async () => {
    const sampling = { samples: 3, temperature: 2, seed: 5 };
    const made = await predicted(sampling);
    expect(made.map(({ row }) => rows.indexOf(row))).toEqual([0, 0, 0, 1, 1, 1]);
    expect(new Set(made.map(({ text }) => text)).size).toBeGreaterThan(3);
    expect(await predicted(sampling)).toEqual(made);
    expect(await predicted({ ...sampling, seed: 6 })).not.toEqual(made);
  });

  it('generates as many tokens as the recipe says, or as it is told', async () => {
    const longest = (made: Prediction<unknown>[]) => Math.max(...made.map(({ text }) => text.split(' ').length));
    expect(longest(await predicted({}))).toBeLessThanOrEqual(6);
    expect(longest(await predicted({ maxNewTokens: 2 }))).toBeLessThanOrEqual(2);
  });

  it('lets every row of a mixture be answered as its own recipe wants it', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'nothing' });
    const texts = ['!', '"'];
    const choice = extendRecipe(plain(), { name: 'choice', answers: { texts } });
    const mixture = mixRecipes([recipe, choice]);
    const mixed = rows.map((row, i) => ({ recipe: ['plain', 'choice'][i] as string, row }));
    const bytes = { ...tinyTokenizer(), vocabularySize: tinyConfig.vocabularySize };
    const made = await predict(decoder, { rows: mixed, examples }, { recipe: mixture, tokenizer: bytes });
    decoder.parameters.dispose();
    expect(texts).toContain(made[1]?.text);
    const short = extendRecipe(plain(), {
      name: 'choice',
      answers: { texts: ['long'] },
      defaults: { maxNewTokens: 3 },
    });
    await expect(predict(decoder, { rows, examples }, { recipe: short, tokenizer: bytes })).rejects.toThrow(
      /None of the answers that "choice" may give/,
    );
  });
});

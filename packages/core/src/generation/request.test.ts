import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generate } from '../generate.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { plain } from '../recipe/plain.ts';
import type { Segment } from '../recipe/recipe.ts';
import { tokenizeExample } from '../tokenization/tokenize-example.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import { requestMaker } from './request.ts';

const model = fileURLToPath(new URL('../../../../models/stories260k', import.meta.url));
const tokenizer = await loadTokenizer(model);
const texts = ['card arrival', 'card', 'card not working', 'café ☕', 'pin blocked'];
const recipe = extendRecipe(plain(), { answers: { texts, separator: ', ' }, defaults: { maxNewTokens: 24 } });
const say = (text: string): Segment => ({ role: 'assistant', text });

describe('answers of a set, with the tokenizer of a real model', () => {
  it.each([
    ['one', ['card']],
    ['several', ['card not working', ', ', 'card', ', ', 'café ☕']],
  ])('may be what training shows: %s', (_, completion) => {
    for (const prompt of ['Name it: ', '']) {
      const rendered = { prompt: [{ role: 'user' as const, text: prompt }], completion: completion.map(say) };
      const room = { maxLength: 512, maxNewTokens: 100, longAnswers: 'drop' } as const;
      const options = { tokenizer, layout: recipe.layout, ...room, where: 'here' };
      const example = tokenizeExample(rendered, options);
      if (typeof example === 'string') throw new Error(example);
      const ids = [...example.ids.subarray(example.promptLength)];
      const promptIds = [...example.ids.subarray(0, example.promptLength)];
      let { constraint } = requestMaker(recipe, tokenizer, 100)({ prompt }, promptIds);
      for (const id of ids) {
        expect(constraint?.allowed(100)).toContain(id);
        constraint = constraint?.after(id);
      }
      expect(ids.at(-1)).toBe(tokenizer.eosId);
    }
  });

  it('are all that the model writes', async () => {
    const rows = [{ prompt: 'Once upon a time' }, { prompt: '' }, { prompt: 'The card' }];
    for (const temperature of [0, 1]) {
      for (const output of await generate({
        recipe,
        model,
        rows,
        engine: 'wasm',
        sampling: { temperature, seed: 2 },
      })) {
        const answers = output.split(', ');
        expect(texts).toEqual(expect.arrayContaining(answers));
        expect(new Set(answers).size).toBe(answers.length);
      }
    }
  });
});

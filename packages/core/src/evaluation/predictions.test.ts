import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { plain } from '../recipe/plain.ts';
import { writeChatStories } from '../test-support/chat-stories.ts';
import { temporaryFolder } from '../test-support/folder.ts';

const path = temporaryFolder();
const recipe = extendRecipe(plain(), { defaults: { maxNewTokens: 2 } });

it.each([
  ['of their own', '<s>', '</s>'],
  ['that mark turns', '<|im_start|>', '<|im_end|>'],
])('prompts are kept as a chat template wrote them, with begin- and end-of-sequence %s', async (_, bos, eos) => {
  const model = await writeChatStories(path(bos.slice(1, -1)));
  const settings = join(model, 'tokenizer_config.json');
  const own = JSON.parse(await readFile(settings, 'utf8'));
  await writeFile(settings, JSON.stringify({ ...own, bos_token: bos, eos_token: eos }));
  const predictions = join(model, 'predictions.jsonl');
  const data = [[{ prompt: 'Once upon', completion: ' a time' }]];
  await evaluate({ recipe, model, data, predictions });
  const { prompt } = JSON.parse(await readFile(predictions, 'utf8'));
  expect(prompt).toBe('<|im_start|>user\nOnce upon<|im_end|>\n<|im_start|>assistant\n');
});

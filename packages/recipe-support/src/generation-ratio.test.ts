import { fileURLToPath } from 'node:url';
import { preview } from '@counterweight/core';
import { expect, it } from 'vitest';
import { support } from './support.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

it.each([
  [support(), 'banking77-eval.csv'],
  [support({ task: 'one-sentence-summary' }), 'one-sentence-summaries.jsonl'],
  [support({ task: 'summary' }), 'summaries.jsonl'],
  [support({ task: 'next-action' }), 'next-actions.jsonl'],
  [support({ task: 'intent' }), 'multidogo-intents-train.csv'],
] as const)('the generation ratio of task %# is what was measured on its rows', async (recipe, file) => {
  const { receipt } = await preview({
    recipe: recipe as ReturnType<typeof support>,
    model: at('../../../models/stories260k'),
    data: at(`../fixtures/${file}`),
  });
  // The model's context of 512 tokens cuts some conversations, which raises the ratio a little.
  expect(receipt.generationRatio / recipe.defaults.generationRatio).toBeGreaterThan(0.9);
  expect(receipt.generationRatio / recipe.defaults.generationRatio).toBeLessThan(1.5);
});

/**
 * A recipe from nothing.
 *
 *     node examples/from-nothing.ts
 */
import { fineTune, generate } from '@counterweight/core';
import { defineRecipe, meanOf, shortAnswerEvidence } from '@counterweight/core/recipe';
import { z } from 'zod';
import { at, model, newFolder, printBeforeAndAfter } from './workspace.ts';

/** A recipe from nothing: rows {"word", "opposite"}, and a model that learns to say the opposite. */
const row = z.object({ word: z.string().min(1), opposite: z.string().optional() });
type Row = z.output<typeof row>;
const line = { before: '', after: '\n' };
const opposites = defineRecipe<Row>({
  name: 'opposites',
  options: {},
  row,
  answerField: 'opposite',
  defaults: {
    promptLossWeight: 0.01,
    promptLossWeightReason: `one word answers one word; ${shortAnswerEvidence}`,
    generationRatio: 0.4,
    maxLength: 64,
    maxNewTokens: 8,
  },
  layout: { system: line, user: { before: 'The opposite of ', after: ' is ' }, assistant: line, tool: line },
  render: ({ word, opposite }) => ({
    prompt: [{ role: 'user', text: word, freedom: { case: true } }],
    completion: opposite ? [{ role: 'assistant', text: opposite }] : [],
  }),
  metrics: [
    meanOf({
      name: 'exactMatch',
      direction: 'higher-is-better',
      definition: 'Share of outputs that equal the opposite, without white space at their ends.',
      score: ({ opposite }, text) => (text.trim() === opposite ? 1 : 0),
    }),
  ],
});

const data = at('examples/opposites.jsonl');
const training = { method: 'full', learningRate: 3e-3, maxSteps: 40 } as const;
// The rows it learns from are those it is asked about here: enough to see that it learns them.
const { run, ...result } = await fineTune({
  recipe: opposites,
  model,
  data,
  evalData: data,
  output: await newFolder(),
  training,
});
printBeforeAndAfter(result);
console.log(await generate({ recipe: opposites, model: `${run}/model`, rows: [{ word: 'hot' }, { word: 'up' }] }));

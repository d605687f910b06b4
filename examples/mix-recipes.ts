/**
 * Mix recipes: one model for two jobs.
 *
 *     node examples/mix-recipes.ts
 */
import { fineTune, generate } from '@counterweight/core';
import { mixRecipes, plain } from '@counterweight/core/recipe';
import { support } from '@counterweight/recipe-support';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

/**
 * One model, two recipes: it learns to name what customers write about, and goes on telling stories. So that it does
 * not forget them, a fifth of what it is shown are stories that it has written itself before the training.
 */
const recipe = mixRecipes([support(), plain()], { proportions: { support: 4, plain: 1 } });

const openings = [
  'Once upon a time',
  'One day, a little cat',
  'Tom and Anna',
  'The sun was shining',
  'There was a big dog',
];
const prompts = openings.flatMap((opening) => [opening, `${opening},`]).map((prompt) => ({ prompt }));
const sampling = { temperature: 0.8, maxNewTokens: 48, seed: 1 };
const stories = await generate({ recipe: plain(), model, rows: prompts, sampling });

const messages = await sampleRows('recipe-support/fixtures/banking77-train.csv', 300);
const data = [
  ...messages.map((row) => ({ recipe: 'support', ...row })),
  ...prompts.map(({ prompt }, i) => ({ recipe: 'plain', prompt, completion: stories[i] })),
];

const { run, ...result } = await fineTune({
  recipe,
  model,
  data,
  evalSplit: 0.1,
  output: await newFolder(),
  training: { method: 'full', learningRate: 3e-3, maxSteps: 30 },
});
printBeforeAndAfter(result);

const answers = await generate({
  recipe,
  model: `${run}/model`,
  rows: [
    { recipe: 'support', message: 'I still have not received my new card' },
    { recipe: 'plain', prompt: 'Once upon a time' },
  ],
});
for (const answer of answers) console.log(`> ${answer.replaceAll('\n', ' ')}`);

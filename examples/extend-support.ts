/**
 * Extend a recipe: a bank has rows of its own.
 *
 *     node examples/extend-support.ts
 */
import { fineTune, preview } from '@counterweight/core';
import { extendRecipe, meanOf } from '@counterweight/core/recipe';
import { type SupportRow, support } from '@counterweight/recipe-support';
import { z } from 'zod';
import { model, newFolder, printBeforeAndAfter, sampleRows } from './workspace.ts';

/**
 * A recipe of ours, changed where a bank differs: rows say over which channel a message came, the prompt shows it, the
 * prompt counts less in the loss, and there is a metric more. Whatever is not named stays as it is in `support()`.
 */
const bank = extendRecipe(support(), {
  name: 'bank-support',
  row: z.object({ channel: z.enum(['app', 'mail', 'phone']).default('app') }),
  defaults: { promptLossWeight: 0.05, promptLossWeightReason: 'the channel is the same in most rows' },
  render: (row, base) => {
    const { prompt, completion } = base.render(row);
    return { prompt: [{ role: 'user', text: `(${row.channel}) ` }, ...prompt], completion };
  },
  metrics: (base) => [
    ...base.metrics,
    meanOf<SupportRow>({
      name: 'words',
      direction: 'lower-is-better',
      definition: 'Words in the output: a queue has room for a short name.',
      score: (_, text) => text.split(/\s+/).filter(Boolean).length,
    }),
  ],
});

const task = {
  recipe: bank,
  model,
  data: await sampleRows('recipe-support/fixtures/banking77-eval.csv'),
};
const { examples } = await preview({ ...task, rows: 1 });
console.log(examples[0]?.text);

// Twenty-five steps: seconds, and enough to see that it learns. A real run takes epochs.
const result = await fineTune({
  ...task,
  evalSplit: 0.05,
  output: await newFolder(),
  training: { method: 'full', learningRate: 3e-3, maxSteps: 25 },
});
printBeforeAndAfter(result);

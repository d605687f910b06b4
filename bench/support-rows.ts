import { extendRecipe } from '@counterweight/core/recipe';
import { support } from '@counterweight/recipe-support';
import { streamRows } from '../packages/core/src/rows/read-rows.ts';
import { openTask, readExamples, takeExamples, targetWeight } from './counterweight.ts';
import type { JobExample } from './job.ts';
import { at } from './scenario.ts';

const files = ['../packages/recipe-support/fixtures/banking77-train.csv', 'data/banking77-more.csv'].map(at);

/** Ids and the weight of each as a target. */
const plain = (example: ReturnType<typeof takeExamples>[number]): JobExample => ({
  ids: [...example.ids],
  weights: Array.from(example.ids, (_, i) => targetWeight(example, i)),
});

/** The rows of the quickstart and as many more, as the support recipe and this model's tokenizer make them. */
export async function supportExamples(model: string): Promise<readonly JobExample[]> {
  const { examples } = await readExamples(await openTask({ recipe: support(), model }), streamRows(files));
  return takeExamples(examples).map(plain);
}

const INSTRUCTION =
  'You answer the customers of a bank. Read what the customer says, and name the problem in two to five words.';

/** Those of them that have at most so many tokens with an instruction before each; the prompt is masked. */
export async function instructedExamples(model: string, maxLength: number): Promise<readonly JobExample[]> {
  const recipe = extendRecipe(support(), {
    name: 'support-instructed',
    render: (row, base) => {
      const { prompt, ...rest } = base.render(row);
      return { ...rest, prompt: [{ role: 'system', text: INSTRUCTION }, ...prompt] };
    },
  });
  const { examples } = await readExamples(
    await openTask({ recipe, model, training: { promptLossWeight: 0 } }),
    streamRows(files),
  );
  return takeExamples(examples)
    .filter(({ ids }) => ids.length <= maxLength)
    .map(plain);
}

import { readRows, type Tokenizer } from '@counterweight/core';
import { fixture, openRecipe, type RecipeTask } from './tasks.ts';

/** How long a task's answers are beside its prompts, in tokens of one tokenizer. */
export interface Ratio {
  /** Rows of the fixture that have answers. */
  readonly rows: number;
  /** Mean lengths. An answer counts its end-of-sequence token; what a template adds is left out. */
  readonly prompt: number;
  readonly completion: number;
  /** R_g: the one divided by the other. */
  readonly ratio: number;
}

/** Of all rows that the task's fixture has to train on, none of them cut. Undefined where it has none. */
export async function measureRatio(task: RecipeTask, tokenizer: Tokenizer): Promise<Ratio | undefined> {
  if (task.train === undefined) return undefined;
  const recipe = openRecipe(task);
  const sums = { rows: 0, prompt: 0, completion: 0 };
  const tokensOf = (segments: readonly { readonly text: string }[]) =>
    tokenizer.encode(segments.map(({ text }) => text).join(''), 'start').length;
  for (const { value } of await readRows([fixture(task.recipe, task.train)])) {
    const { prompt, completion } = recipe.render(recipe.parseRow(value));
    if (completion.length === 0) continue;
    sums.rows++;
    sums.prompt += tokensOf(prompt);
    sums.completion += tokensOf(completion) + 1;
  }
  const mean = (sum: number) => Number((sum / sums.rows).toFixed(2));
  return {
    rows: sums.rows,
    prompt: mean(sums.prompt),
    completion: mean(sums.completion),
    ratio: Number((sums.completion / sums.prompt).toPrecision(3)),
  };
}

import { randomNumbers } from './data/random.ts';
import { tokenizePrompt } from './data/tokenize-example.ts';
import { generateIds } from './generation/generate-ids.ts';
import type { Sampling } from './generation/sampling.ts';
import { openModel, openTask, type TaskOptions } from './task.ts';

export interface GenerateOptions<Row> extends TaskOptions<Row> {
  /** Folder of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  /** Rows as the recipe takes them; they need no answer. */
  readonly rows: readonly unknown[];
  readonly sampling?: (Sampling & { readonly maxNewTokens?: number | undefined; readonly seed?: number | undefined }) | undefined;
  /** New text of a row, as soon as it is whole characters. */
  readonly onText?: ((row: number, text: string) => void) | undefined;
}

/** Answers each row; the prompt is exactly the one that training showed. */
export async function generate<Row>(options: GenerateOptions<Row>): Promise<string[]> {
  const task = await openTask(options);
  const { recipe, tokenizer, maxLength } = task;
  const { seed = 0, maxNewTokens = recipe.defaults.maxNewTokens, ...sampling } = options.sampling ?? {};
  const prompts = options.rows.map((row) =>
    tokenizePrompt(recipe.render(recipe.parseRow(row)), { layout: recipe.layout, tokenizer, maxLength }),
  );
  const texts = prompts.map(() => '');
  const soFar = prompts.map((): number[] => []);
  const stream = (row: number, id: number) => {
    soFar[row]?.push(id);
    const text = tokenizer.decode(soFar[row] as number[], 'continuation');
    // A character of several bytes that is not whole yet decodes to the replacement character.
    if (text.endsWith('\uFFFD')) return;
    options.onText?.(row, text.slice((texts[row] as string).length));
    texts[row] = text;
  };
  const { decoder, dispose } = await openModel(task, options);
  try {
    const outputs = await generateIds(decoder, prompts, {
      ...sampling,
      eosId: tokenizer.eosId,
      maxNewTokens,
      random: randomNumbers(seed),
      ...(options.onText ? { onToken: stream } : {}),
    });
    return outputs.map((ids) => tokenizer.decode(ids, 'continuation'));
  } finally {
    dispose();
  }
}

import { createRandom } from './data/random.ts';
import { parseRows } from './data/parse-rows.ts';
import { placeOf, type SourceRow } from './data/source-row.ts';
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
  const sourceRows = options.rows.map((value, i): SourceRow => ({ file: undefined, line: i + 1, value }));
  const prompts = parseRows(sourceRows, recipe).map(({ source, row }) => {
    const { prompt } = recipe.render(row);
    const room = { maxLength, newTokens: Math.min(maxNewTokens, maxLength - 1), where: placeOf(source) };
    return tokenizePrompt(prompt, { layout: recipe.layout, tokenizer, ...room }).ids;
  });
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
      random: createRandom(seed).uniform,
      ...(options.onText ? { onToken: stream } : {}),
    });
    return outputs.map((ids) => tokenizer.decode(ids, 'continuation'));
  } finally {
    dispose();
  }
}

import { generateTexts } from './generation/generate-texts.ts';
import { requestMaker } from './generation/request.ts';
import type { Sampling } from './generation/sampling.ts';
import { createRandom } from './random.ts';
import { settingsOf } from './recipe/settings-of.ts';
import { mapColumns } from './rows/map-columns.ts';
import { parseRows, renderSourceRow } from './rows/parse-rows.ts';
import { placeOf, sourceRowsOf } from './rows/source-row.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openModel } from './task/open-model.ts';
import { openTask, TASK_OPTIONS, type TaskOptions } from './task/open-task.ts';
import { tokenizePrompt } from './tokenization/tokenize-example.ts';

export interface GenerateOptions<Row> extends TaskOptions<Row> {
  /** Folder or hub id of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  /** Rows as the recipe takes them; they need no answer. */
  readonly rows: readonly unknown[];
  /** Default: greedy, and as many tokens as the recipe says. */
  readonly sampling?:
    | (Sampling & { readonly maxNewTokens?: number | undefined; readonly seed?: number | undefined })
    | undefined;
  /** New text of a row, as soon as it is whole characters. */
  readonly onText?: ((row: number, text: string) => void) | undefined;
}

const NAMES: NamesOf<GenerateOptions<never>> = {
  ...TASK_OPTIONS,
  adapter: true,
  rows: true,
  sampling: true,
  onText: true,
};

/**
 * Answers each row; the prompt is exactly the one that training showed, however many tokens are asked for.
 * @example
 * ```ts
 * import { generate, plain } from '@counterweight/core';
 *
 * const [answer] = await generate({
 *   recipe: plain(),
 *   model: 'runs/first/model',
 *   rows: [{ prompt: 'Once upon a time' }],
 *   sampling: { temperature: 0.7, maxNewTokens: 64, seed: 1 },
 * });
 * ```
 */
export async function generate<Row>(options: GenerateOptions<Row>): Promise<string[]> {
  assertNames(options, NAMES);
  const task = await openTask(options);
  const { recipe, tokenizer, chat } = task;
  const { seed = 0, maxNewTokens, ...sampling } = options.sampling ?? {};
  const requestFor = requestMaker(recipe, tokenizer, maxNewTokens);
  const { map = {} } = task.training;
  const sources = sourceRowsOf(options.rows).map((source) => mapColumns(source, map));
  const requests = parseRows(sources, recipe).map(({ source, row }) => {
    const settings = settingsOf(recipe, row);
    const room = {
      maxLength: task.maxLengthOf(settings),
      maxNewTokens: settings.defaults.maxNewTokens,
      newTokens: maxNewTokens,
      where: placeOf(source),
    };
    return requestFor(
      row,
      tokenizePrompt(renderSourceRow(source, row, recipe), { layout: settings.layout, chat, tokenizer, ...room }).ids,
    );
  });
  const { decoder, dispose } = await openModel(task, options);
  try {
    const random = createRandom(seed).uniform;
    const { onText, signal } = options;
    const generated = await generateTexts(decoder, requests, { tokenizer, sampling, random, onText, signal });
    return generated.map(({ text }) => text);
  } finally {
    dispose();
  }
}

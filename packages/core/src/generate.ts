import { generateTexts } from './generation/generate-texts.ts';
import type { GenerationRequest } from './generation/request.ts';
import type { Sampling } from './generation/sampling.ts';
import { createRandom } from './random.ts';
import type { Data } from './rows/data.ts';
import { invalidRows } from './rows/invalid-rows.ts';
import { openData } from './rows/open-data.ts';
import { streamRows } from './rows/read-rows.ts';
import { whereabouts } from './rows/source-row.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openModel } from './task/open-model.ts';
import { openTask, TASK_OPTIONS, type Task, type TaskOptions } from './task/open-task.ts';
import { rowRequests } from './task/row-requests.ts';
import type { DroppedRow } from './tokenization/receipt.ts';

export interface GenerateOptions<Row> extends TaskOptions<Row> {
  /** Folder or hub id of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  /** Rows as the recipe takes them; they need no answer. An array, another source of rows, or files by their paths. */
  readonly rows: Data;
  /** Default: greedy, and as many tokens as the recipe says. */
  readonly sampling?:
    | (Sampling & { readonly maxNewTokens?: number | undefined; readonly seed?: number | undefined })
    | undefined;
  /** Told before the first text: how many rows there are, and which were left out (`training.skipInvalid`), by their number from 0. */
  readonly onRows?: ((rows: number, dropped: ReadonlyMap<number, DroppedRow>) => void) | undefined;
  /** New text of a row, as soon as it is whole characters; rows that were left out are not counted. */
  readonly onText?: ((row: number, text: string) => void) | undefined;
}

const NAMES: NamesOf<GenerateOptions<never>> = {
  ...TASK_OPTIONS,
  adapter: true,
  rows: true,
  onRows: true,
  sampling: true,
  onText: true,
};

/**
 * Answers each row; the prompt is exactly the one that training showed, however many tokens are asked for. Rows that are
 * left out, because they are invalid and may be, have no answer.
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
  const { seed = 0, maxNewTokens: _, ...sampling } = options.sampling ?? {};
  const requests = await readRequests(task, options);
  const { decoder, dispose } = await openModel(task, options);
  try {
    const random = createRandom(seed).uniform;
    const { onText, signal } = options;
    const { tokenizer } = task;
    const generated = await generateTexts(decoder, requests, { tokenizer, sampling, random, onText, signal });
    return generated.map(({ text }) => text);
  } finally {
    dispose();
  }
}

async function readRequests<Row>(task: Task<Row>, { rows, sampling, onRows }: GenerateOptions<Row>) {
  const { training, signal } = task;
  const requestOf = rowRequests(task, sampling?.maxNewTokens);
  const dropped = new Map<number, DroppedRow>();
  const invalid = invalidRows(training.skipInvalid, (source, { problem }) =>
    dropped.set(source.number ?? 0, { ...whereabouts(source), reason: 'invalid', problem }),
  );
  const requests: GenerationRequest[] = [];
  const opened = openData(rows, { option: 'rows', map: training.map, isReadOnce: true });
  for await (const source of invalid.of(streamRows(opened, signal))) {
    try {
      const request = requestOf(source);
      if (invalid.pass()) requests.push(request);
    } catch (error) {
      invalid.add(source, error);
    }
  }
  invalid.end();
  onRows?.(requests.length + dropped.size, dropped);
  return requests;
}

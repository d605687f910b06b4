import type { PackingReceipt } from './batches/pack.ts';
import type { Data } from './rows/data.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openTask, TASK_OPTIONS, type TaskOptions } from './task/open-task.ts';
import { planExamples } from './task/plan-examples.ts';
import { type PreviewedExample, previewExamples } from './task/preview-examples.ts';
import { readTrainingData } from './task/read-training-data.ts';
import type { Receipt } from './tokenization/receipt.ts';

export type { PreviewedExample } from './task/preview-examples.ts';

export interface PreviewOptions<Row> extends TaskOptions<Row> {
  /** Rows to train on: files, folders, or rows in memory. */
  readonly data: Data;
  /** How many examples to show in full. Default 5. */
  readonly rows?: number | undefined;
}

const NAMES: NamesOf<PreviewOptions<never>> = { ...TASK_OPTIONS, data: true, rows: true };

/**
 * What training would see, before step 1: no weights of the model are read.
 * @example
 * ```ts
 * import { plain, preview } from '@counterweight/core';
 *
 * const { receipt, examples } = await preview({ recipe: plain(), model: 'org/name', data: 'train.jsonl', rows: 2 });
 * console.log(receipt.kept, receipt.promptTokens, receipt.completionTokens);
 * for (const { pieces, weights } of examples) console.log(pieces, weights);
 * ```
 */
export async function preview<Row>(
  options: PreviewOptions<Row>,
): Promise<{ receipt: Receipt; packing: PackingReceipt | undefined; examples: PreviewedExample[] }> {
  assertNames(options, NAMES);
  const task = await openTask(options, 'tokenizer');
  const data = await readTrainingData(task, { data: options.data });
  return {
    receipt: data.receipt,
    packing: (await planExamples(task, data)).packing,
    examples: previewExamples(data.examples, task, options.rows ?? 5),
  };
}

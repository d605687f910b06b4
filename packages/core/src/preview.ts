import { targetWeight } from './batches/loss-weights.ts';
import type { PackingReceipt } from './batches/pack.ts';
import { takeExamples } from './batches/take-examples.ts';
import type { Data } from './rows/data.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openTask, TASK_OPTIONS, type TaskOptions } from './task/open-task.ts';
import { planExamples } from './task/plan-examples.ts';
import { readTrainingData } from './task/read-training-data.ts';
import { roleName, type TokenizedExample, TokenRole, type TokenRoleName } from './tokenization/example.ts';
import type { Receipt } from './tokenization/receipt.ts';
import type { TextProcessing } from './tokenizer/text-processing.ts';

export interface PreviewOptions<Row> extends TaskOptions<Row> {
  /** Rows to train on: files, folders, or rows in memory. */
  readonly data: Data;
  /** How many examples to show in full. Default 5. */
  readonly rows?: number | undefined;
}

/** One example as it will be trained on: `weights[i]` is the weight of `ids[i]` as a target. */
const NAMES: NamesOf<PreviewOptions<never>> = { ...TASK_OPTIONS, data: true, rows: true };

export interface PreviewedExample {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  readonly roles: readonly TokenRoleName[];
  /**
   * The rendered text: what the ids decode to; with the special tokens of a chat template, without an end-of-sequence token that
   * no template wrote.
   */
  readonly text: string;
  /** The text that each token adds; joined, they are `text`. */
  readonly pieces: readonly string[];
}

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
    examples: takeExamples(data.examples, options.rows ?? 5).map((example) => {
      const ids = [...example.ids];
      const segmentWeights = Array.from(example.segmentWeights, inFewDigits);
      const weights = ids.map((_, i) => targetWeight({ ...example, segmentWeights }, i));
      const ownEnd = placeOfOwnEnd(example, task);
      const decode = (some: readonly number[]) =>
        task.tokenizer.decode(ownEnd < 0 ? some : some.toSpliced(ownEnd, 1), 'start', task.chat && 'keep');
      const text = decode(ids);
      return { ids, weights, roles: Array.from(example.roles, roleName), text, pieces: piecesOf(text, ids, decode) };
    }),
  };
}

/** Where the token is that ends an answer which the chat template ends with words; -1 where the template wrote it. */
function placeOfOwnEnd(
  { ids, roles, promptLength }: TokenizedExample,
  { chat, tokenizer }: Pick<TextProcessing, 'chat' | 'tokenizer'>,
): number {
  if (!chat || chat.endOfTurn !== undefined) return -1;
  const place = ids.findLastIndex((id, i) => id === tokenizer.eosId && roles[i] === TokenRole.assistant);
  return place < promptLength ? -1 : place;
}

/** The number that was written: the one of fewest digits that has this value in 32 bits, 0.1 for 0.10000000149. */
function inFewDigits(value: number): number {
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(value.toPrecision(count))) === value);
  return digits === undefined ? value : Number(value.toPrecision(digits));
}

/** What each token adds to the text; a token in the midst of a character adds nothing, its last one all of it. */
function piecesOf(text: string, ids: readonly number[], decode: (ids: readonly number[]) => string): string[] {
  let shown = 0;
  return ids.map((_, i) => {
    const soFar = decode(ids.slice(0, i + 1));
    const from = shown;
    shown = Math.max(from, sharedPrefixLength(text, soFar));
    return text.slice(from, shown);
  });
}

function sharedPrefixLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

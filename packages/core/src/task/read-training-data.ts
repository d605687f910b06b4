import { mixtureWeightsOf } from '../batches/mixture-weights.ts';
import type { MixtureWeights } from '../batches/sample-mixture.ts';
import { splitRows } from '../batches/split.ts';
import type { EvaluationSet } from '../evaluation/evaluate-decoder.ts';
import { parseSourceRow } from '../rows/parse-rows.ts';
import { streamRows } from '../rows/read-rows.ts';
import type { Examples } from '../tokenization/example.ts';
import type { Receipt } from '../tokenization/receipt.ts';
import { readEvaluationSet, readExamples, type Task } from './open-task.ts';

export interface TrainingData<Row> {
  readonly examples: Examples;
  /** Tokens of each example. */
  readonly lengths: readonly number[];
  /** What is evaluated and never trained on, if anything. */
  readonly heldOut: EvaluationSet<Row> | undefined;
  readonly receipt: Receipt;
  /** Where an epoch is not every example once. */
  readonly proportions: MixtureWeights | undefined;
}

export interface DataOptions {
  readonly data: string | readonly string[];
  readonly evalData?: string | readonly string[] | undefined;
  readonly evalSplit?: number | undefined;
}

/** Examples to train on, and those held out: from rows of their own, or a share of the training rows. */
export async function readTrainingData<Row>(
  task: Task<Row>,
  { data, evalData, evalSplit }: DataOptions,
): Promise<TrainingData<Row>> {
  const { mixture } = task.recipe;
  const groups: string[] = [];
  const all = await readExamples(task, data, (row) => mixture?.proportions && groups.push(mixture.partOf(row).name));
  const numbers = all.examples.lengths.map((_, i) => i);
  const split = evalSplit === undefined ? undefined : { fraction: evalSplit, seed: task.training.seed };
  const { train, evaluation } = split ? splitRows(numbers, split) : { train: numbers, evaluation: [] };
  const heldOutOfAll = async (): Promise<EvaluationSet<Row>> => ({
    examples: some(all.examples, evaluation),
    rows: await rowsOf(task, data, all.receipt, new Set(evaluation)),
  });
  return {
    examples: split ? some(all.examples, train) : all.examples,
    lengths: train.map((i) => all.examples.lengths[i] as number),
    heldOut: evalData === undefined ? split && (await heldOutOfAll()) : await readEvaluationSet(task, evalData),
    receipt: all.receipt,
    proportions: mixtureWeightsOf(task.recipe, groups.length === 0 ? groups : train.map((i) => groups[i] as string)),
  };
}

const some = (examples: Examples, numbers: readonly number[]): Examples => ({
  length: numbers.length,
  at: (i) => examples.at(numbers[i] as number),
});

/**
 * The rows of some of the examples. The files are read a second time for them, since nobody knows which rows are held
 * out before all are counted.
 */
async function rowsOf<Row>(
  { recipe, signal }: Task<Row>,
  data: string | readonly string[],
  { dropped }: Receipt,
  numbers: ReadonlySet<number>,
): Promise<Row[]> {
  const left = new Set(dropped.map(({ file, line }) => `${line} ${file}`));
  const rows: Row[] = [];
  let number = 0;
  for await (const source of streamRows(data, signal)) {
    if (left.has(`${source.line} ${source.file}`)) continue;
    if (numbers.has(number++)) rows.push(parseSourceRow(source, recipe));
  }
  return rows;
}

import { pickExamples } from '../batches/take-examples.ts';
import { createRandom, type Random, shuffled } from '../random.ts';
import type { Examples } from '../tokenization/example.ts';

/** What a model is evaluated on: each row with its example. */
export interface EvaluationSet<Row> {
  readonly rows: readonly Row[];
  readonly examples: Examples;
  /** Number of each row among all that are held out, from 1; as they stand, where there are none. */
  readonly numbers?: readonly number[];
  /** What each row is of, where rows are held out by groups: a customer, a document. */
  readonly groups?: readonly string[];
}

/** Apart from the streams of split and order. */
const SAMPLE_STREAM = 0xe7a1;

/** At most so many of the rows: the same ones for one seed of the split, in their own order, whatever a run's own seed is. */
export function sampleRows<Row>(
  set: EvaluationSet<Row>,
  { maxEvalRows, splitSeed }: { readonly maxEvalRows?: number | undefined; readonly splitSeed: number },
): EvaluationSet<Row> {
  const { length } = set.rows;
  if (maxEvalRows === undefined || maxEvalRows >= length) return set;
  return pickRows(set, drawNumbers(length, maxEvalRows, createRandom(splitSeed, SAMPLE_STREAM)));
}

/** Some of the numbers below `count`, drawn at random, in their own order. */
export const drawNumbers = (count: number, most: number, random: Random): number[] =>
  shuffled(
    Array.from({ length: count }, (_, i) => i),
    random,
  )
    .slice(0, most)
    .sort((a, b) => a - b);

/** Some of the rows, by their places in the set; they keep their numbers. */
export const pickRows = <Row>(
  { rows, examples, numbers, groups }: EvaluationSet<Row>,
  chosen: readonly number[],
): EvaluationSet<Row> => ({
  rows: chosen.map((i) => rows[i] as Row),
  examples: pickExamples(examples, chosen),
  numbers: chosen.map((i) => numbers?.[i] ?? i + 1),
  ...(groups && { groups: chosen.map((i) => groups[i] as string) }),
});

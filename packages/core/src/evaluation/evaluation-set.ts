import { pickExamples } from '../batches/take-examples.ts';
import { createRandom, shuffled } from '../random.ts';
import type { Examples } from '../tokenization/example.ts';

/** What a model is evaluated on: each row with its example. */
export interface EvaluationSet<Row> {
  readonly rows: readonly Row[];
  readonly examples: Examples;
  /** Number of each row among all that are held out, from 1; as they stand, where there are none. */
  readonly numbers?: readonly number[];
}

/** Apart from the streams of split and order. */
const SAMPLE_STREAM = 0xe7a1;

/** At most so many of the rows: the same ones for one seed of the split, in their own order, whatever a run's own seed is. */
export function sampleRows<Row>(
  set: EvaluationSet<Row>,
  { maxEvalRows, splitSeed }: { readonly maxEvalRows?: number | undefined; readonly splitSeed: number },
): EvaluationSet<Row> {
  const { rows, examples, numbers } = set;
  if (maxEvalRows === undefined || maxEvalRows >= rows.length) return set;
  const all = rows.map((_, i) => i);
  const chosen = shuffled(all, createRandom(splitSeed, SAMPLE_STREAM))
    .slice(0, maxEvalRows)
    .sort((a, b) => a - b);
  return {
    rows: chosen.map((i) => rows[i] as Row),
    examples: pickExamples(examples, chosen),
    numbers: chosen.map((i) => numbers?.[i] ?? i + 1),
  };
}

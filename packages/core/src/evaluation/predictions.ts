import { writeFileDurably } from '../files/durable.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { EvaluationSet } from './evaluation-set.ts';
import type { Measured } from './measure-metrics.ts';
import type { GeneratedPrediction } from './predict.ts';

/** A line of `predictions-STEP.jsonl`: what the model wrote for a held-out row. */
export interface PredictionRecord {
  /** Number of the row among those held out, from 1; outputs sampled for one row follow each other. */
  readonly row: number;
  /** What the model was given, as it was cut: with all that a chat template writes, otherwise without begin-of-sequence. */
  readonly prompt: string;
  /** The right answer, whole; empty where the row has none. */
  readonly reference: string;
  readonly output: string;
  /** Whether the output was cut at the limit of tokens. */
  readonly cut: boolean;
  /** Where answers are labels, both as they are compared. */
  readonly labels?: { readonly reference: string; readonly output: string };
  /** Of the metrics that score single outputs. */
  readonly scores: Readonly<Record<string, number>>;
}

export function recordPredictions<Row>(
  predictions: readonly GeneratedPrediction<Row>[],
  {
    set,
    recipe,
    tokenizer,
    scores,
  }: { set: EvaluationSet<Row>; recipe: Recipe<Row>; tokenizer: Tokenizer; scores: Measured['scores'] },
): PredictionRecord[] {
  return predictions.map(({ index, promptIds, text, cut }, i) => {
    const row = set.rows[index] as Row;
    const reference = recipe
      .render(row)
      .completion.map((segment) => segment.text)
      .join('');
    const compared = (answer: string) => recipe.normaliseAnswer?.(answer) ?? answer.trim();
    return {
      row: set.numbers?.[index] ?? index + 1,
      prompt: promptText(promptIds, tokenizer),
      reference,
      output: text,
      cut,
      ...(recipe.answersAre === 'labels' && { labels: { reference: compared(reference), output: compared(text) } }),
      scores: scores[i] ?? {},
    };
  });
}

/** A chat template may mark turns with the very tokens that begin and end a sequence, which `decode` leaves out otherwise. */
const promptText = (ids: readonly number[], tokenizer: Tokenizer): string =>
  tokenizer.decode(ids, 'start', tokenizer.ofTexts && 'keep');

/** `predictions-000200.jsonl`: sorted by name is sorted by step. */
export const predictionsFile = (step: number): string => `predictions-${String(step).padStart(6, '0')}.jsonl`;

/** The file is whole, or the one before. */
export const writePredictions = (file: string, records: readonly PredictionRecord[]): Promise<void> =>
  writeFileDurably(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

import type { TrainingData } from '../task/read-training-data.ts';
import { type EvaluationTask, generates } from './evaluate-decoder.ts';
import { sampleRows } from './evaluation-set.ts';
import { measureMetrics } from './measure-metrics.ts';

/** The recipe's metrics for answers that need no model. */
export interface MeasuredBaseline {
  readonly name: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Rows that a baseline learns from, at most. */
const LEARNT_ROWS = 10_000;

/**
 * Fits the recipe's baseline to rows that are trained on, and measures its answers to those that are evaluated on.
 * @returns undefined where there is none, and where nothing measures answers
 */
export async function measureBaseline<Row>(
  task: EvaluationTask<Row> & { readonly signal?: AbortSignal | undefined },
  { heldOut, examples, rowsOf }: Pick<TrainingData<Row>, 'heldOut' | 'examples' | 'rowsOf'>,
): Promise<MeasuredBaseline | undefined> {
  const { recipe, training, signal } = task;
  if (!recipe.baseline || !heldOut || !generates(task)) return undefined;
  const learnt = await rowsOf([...Array(Math.min(LEARNT_ROWS, examples.length)).keys()]);
  const { rows } = sampleRows(heldOut, training);
  const answers = recipe.baseline.answer(rows, learnt);
  const predictions = rows.map((row, i) => ({ row, text: answers[i] ?? '' }));
  const { metrics } = await measureMetrics(recipe.metrics, predictions, { signal });
  return { name: recipe.baseline.name, metrics };
}

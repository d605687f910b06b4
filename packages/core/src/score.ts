import { assertMeasurable, measureMetrics } from './evaluation/measure-metrics.ts';
import { readOutputs } from './evaluation/read-outputs.ts';
import type { Prediction, Recipe } from './recipe/recipe.ts';
import { parseRows } from './rows/parse-rows.ts';
import { readRows } from './rows/read-rows.ts';

export interface ScoreOptions<Row> {
  readonly recipe: Recipe<Row>;
  readonly data: string | readonly string[];
  /**
   * File of the outputs, a line for each row, in the order of the rows: a JSON string, or an array of strings where
   * several outputs were sampled for a row. Or the `predictions-STEP.jsonl` of a run, for the rows it was evaluated on:
   * those that it has no outputs for are left out.
   */
  readonly generated: string;
  /** How many of a metric's units are done. */
  readonly onProgress?: ((metric: string, done: number, of: number) => void) | undefined;
  /** Stops between two outputs, or while a metric waits for something. */
  readonly signal?: AbortSignal | undefined;
}

export interface Score {
  /** Those that there are outputs for. */
  readonly rows: number;
  /** Without those that found nothing to measure. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The recipe's metrics for outputs that exist already, whatever made them: no model and no engine is opened.
 * @throws {UserError} for rows that do not fit the recipe, and outputs that are no strings or not as many as the rows
 * @example
 * ```ts
 * import { score } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const { metrics } = await score({ recipe: support(), data: 'held-out.csv', generated: 'outputs.jsonl' });
 * ```
 */
export async function score<Row>({ recipe, data, generated, onProgress, signal }: ScoreOptions<Row>): Promise<Score> {
  const rows = parseRows(await readRows(data, signal), recipe).map(({ row }) => row);
  const outputs = await readOutputs(generated, rows, recipe);
  await assertMeasurable(recipe.metrics);
  const predictions = rows.flatMap((row, i): Prediction<Row>[] => (outputs[i] ?? []).map((text) => ({ row, text })));
  const { metrics, failed } = await measureMetrics(recipe.metrics, predictions, { onProgress, signal });
  for (const error of Object.values(failed)) throw error;
  return { rows: outputs.filter((texts) => texts.length > 0).length, metrics };
}

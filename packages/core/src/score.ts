import { assertMeasurable, measureMetrics } from './evaluation/measure-metrics.ts';
import { readOutputs } from './evaluation/read-outputs.ts';
import { standardErrors } from './evaluation/standard-errors.ts';
import type { Prediction, Recipe } from './recipe/recipe.ts';
import type { Data } from './rows/data.ts';
import { invalidRows } from './rows/invalid-rows.ts';
import type { ColumnMap } from './rows/map-columns.ts';
import { openData } from './rows/open-data.ts';
import { parseSourceRow } from './rows/parse-rows.ts';
import { streamRows } from './rows/read-rows.ts';
import { assertMap } from './task/assert-map.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';

export interface ScoreOptions<Row> {
  /** Whose metrics are measured. */
  readonly recipe: Recipe<Row>;
  /** The rows: files, folders, or rows in memory. */
  readonly data: Data;
  /** Fields of the recipe and the columns of the data that they are read from. */
  readonly map?: ColumnMap | undefined;
  /** Rows that may be invalid: they are left out with their outputs. */
  readonly skipInvalid?: number | undefined;
  /**
   * File of the outputs, a line for each row, in the order of the rows: a JSON string, an array of strings where several
   * outputs were sampled for a row, or null where there is none. `counterweight generate --output` writes it. Or the `predictions-STEP.jsonl` of a run, for the rows it was evaluated on:
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
  /** Over rows, of the metrics that are means of what outputs score. */
  readonly standardErrors: Readonly<Record<string, number>>;
}

const NAMES: NamesOf<ScoreOptions<never>> = {
  recipe: true,
  data: true,
  map: true,
  skipInvalid: true,
  generated: true,
  onProgress: true,
  signal: true,
};

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
export async function score<Row>(options: ScoreOptions<Row>): Promise<Score> {
  assertNames(options, NAMES);
  const { recipe, generated, onProgress, signal } = options;
  assertMap(recipe, options);
  const rows = await readValidRows(options);
  const outputs = await readOutputs(generated, rows, recipe);
  await assertMeasurable(recipe.metrics);
  const answered = rows.flatMap((row, i) => {
    return row === undefined ? [] : (outputs[i] ?? []).map((text) => ({ number: i, prediction: { row, text } }));
  });
  const predictions: Prediction<Row>[] = answered.map(({ prediction }) => prediction);
  const measured = await measureMetrics(recipe.metrics, predictions, { onProgress, signal });
  for (const error of Object.values(measured.failed)) throw error;
  const numbers = answered.map(({ number }) => number);
  return {
    rows: new Set(numbers).size,
    metrics: measured.metrics,
    standardErrors: standardErrors(measured, numbers),
  };
}

/** The rows, in their order; undefined for those that do not fit the recipe. */
async function readValidRows<Row>(options: ScoreOptions<Row>): Promise<(Row | undefined)[]> {
  const { recipe, data, map, skipInvalid = 0, signal } = options;
  const rows: (Row | undefined)[] = [];
  const invalid = invalidRows(skipInvalid, () => rows.push(undefined));
  const opened = openData(data, { map, isReadOnce: true });
  for await (const source of invalid.of(streamRows(opened, signal))) {
    try {
      const row = parseSourceRow(source, recipe);
      if (invalid.pass()) rows.push(row);
    } catch (error) {
      invalid.add(source, error);
    }
  }
  invalid.end();
  return rows;
}

import { readFile } from 'node:fs/promises';
import { UserError } from './errors.ts';
import { assertMeasurable, measureMetrics } from './evaluation/measure-metrics.ts';
import { similarPath } from './files/similar-path.ts';
import type { Prediction, Recipe } from './recipe/recipe.ts';
import { parseRows } from './rows/parse-rows.ts';
import { readRows } from './rows/read-rows.ts';

export interface ScoreOptions<Row> {
  readonly recipe: Recipe<Row>;
  readonly data: string | readonly string[];
  /**
   * File of the outputs, a line for each row, in the order of the rows: a JSON string, or an array of strings where
   * several outputs were sampled for a row.
   */
  readonly generated: string;
  /** How many of a metric's units are done. */
  readonly onProgress?: ((metric: string, done: number, of: number) => void) | undefined;
  /** Stops between two outputs, or while a metric waits for something. */
  readonly signal?: AbortSignal | undefined;
}

export interface Score {
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
  const outputs = await readOutputs(generated);
  if (outputs.length !== rows.length) {
    throw new UserError({
      code: 'file-malformed',
      problem: `There are ${rows.length} rows, but ${outputs.length} lines of outputs.`,
      where: generated,
      fix: 'Give one line for each row, in the order of the rows.',
    });
  }
  await assertMeasurable(recipe.metrics);
  const predictions = rows.flatMap((row, i): Prediction<Row>[] => (outputs[i] ?? []).map((text) => ({ row, text })));
  const { metrics, failed } = await measureMetrics(recipe.metrics, predictions, { onProgress, signal });
  for (const error of Object.values(failed)) throw error;
  return { rows: rows.length, metrics };
}

/** The outputs of each row. */
async function readOutputs(file: string): Promise<string[][]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const problem = 'The file of outputs cannot be read.';
    throw new UserError({
      code: 'file-not-found',
      problem,
      where: file,
      fix: `${similarPath(file)}Check the path.`,
      cause,
    });
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  // What follows the last line break is no line.
  if (lines.at(-1)?.trim() === '') lines.pop();
  return lines.map((line, i) => outputsOf(line, { file, line: i + 1 }));
}

function outputsOf(text: string, { file, line }: { file: string; line: number }): string[] {
  const value = parsed(text);
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value;
  throw new UserError({
    code: 'file-malformed',
    problem: `A line is neither a JSON string nor an array of them: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`,
    where: `${file}, line ${line}`,
    fix: 'Write each output with its quotes, line breaks as \\n: "card arrival"; or several of a row as ["…", "…"].',
  });
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

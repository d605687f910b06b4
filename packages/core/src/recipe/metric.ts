import type { Metric } from './recipe.ts';

export interface MeanMetric<Row> {
  readonly name: string;
  readonly direction: Metric<Row>['direction'];
  readonly definition: string;
  readonly headline?: true;
  /** The number for one row and the text that the model gave for it; NaN leaves the row out of the mean. */
  readonly score: (row: Row, text: string) => number;
}

/**
 * A metric that is the plain mean of a score over the rows; it scores every row, too.
 * @example
 * ```ts
 * import { meanOf } from '@counterweight/core/recipe';
 *
 * const brevity = meanOf({
 *   name: 'words',
 *   direction: 'lower-is-better',
 *   definition: 'Words of an output',
 *   score: (_row, text) => text.split(/\s+/).length,
 * });
 * ```
 */
export function meanOf<Row>({ score, ...said }: MeanMetric<Row>): Metric<Row> {
  return {
    ...said,
    aggregation: 'mean',
    perRow: ({ row, text }) => score(row, text),
    compute: (predictions) => meanOfScores(predictions.map(({ row, text }) => score(row, text))),
  };
}

/** NaN among the scores is nothing measured and does not count; the mean of no scores is NaN. */
export function meanOfScores(scores: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const score of scores) {
    if (Number.isNaN(score)) continue;
    sum += score;
    count++;
  }
  return sum / count;
}

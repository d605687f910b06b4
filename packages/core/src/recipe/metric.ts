import type { Metric } from './recipe.ts';

export interface MeanMetric<Row> {
  readonly name: string;
  readonly direction: Metric<Row>['direction'];
  readonly definition: string;
  /** The number for one row and the text that the model gave for it. */
  readonly score: (row: Row, text: string) => number;
}

/** A metric that is the plain mean of a score over the rows. */
export function meanOf<Row>({ name, direction, definition, score }: MeanMetric<Row>): Metric<Row> {
  return {
    name,
    direction,
    definition,
    compute(predictions) {
      let sum = 0;
      for (const { row, text } of predictions) sum += score(row, text);
      return sum / predictions.length;
    },
  };
}

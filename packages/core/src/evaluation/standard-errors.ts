import { meanOfScores } from '../recipe/metric.ts';
import { isMean } from './group-values.ts';
import type { Measured } from './measure-metrics.ts';

/**
 * Standard errors over rows, s / √n, of metrics that are means of what outputs score: how far a metric would lie off on other
 * rows of the kind. Several outputs of a row count as their mean, since they are no rows of their own.
 * @param rows the number of each output's row
 * @returns by metric; without those of fewer than two rows, and of rows that all score the same, which show no spread
 */
export function standardErrors({ metrics, scores }: Measured, rows: readonly number[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const [name, value] of Object.entries(metrics)) {
    if (!isMean(name, value, scores)) continue;
    const ofRows = new Map<number, number[]>();
    for (const [i, row] of rows.entries()) {
      const score = scores[i]?.[name];
      if (score !== undefined) ofRows.set(row, [...(ofRows.get(row) ?? []), score]);
    }
    const means = [...ofRows.values()].map(meanOfScores);
    if (means.length < 2) continue;
    const center = meanOfScores(means);
    const squares = means.reduce((sum, own) => sum + (own - center) ** 2, 0);
    if (squares > 0) errors[name] = Math.sqrt(squares / (means.length - 1) / means.length);
  }
  return errors;
}

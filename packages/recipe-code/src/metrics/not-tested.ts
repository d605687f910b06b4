import type { Metric, Prediction } from '@counterweight/core/recipe';
import type { Judge } from '../judge.ts';
import type { CodeRow } from '../row.ts';

/** The share of outputs whose tests have checked nothing: rows to mend, or answers that keep tests from checking. */
export function notTestedMetric(judge: Judge): Metric<CodeRow> {
  const score = async ({ row, text }: Prediction<CodeRow>) =>
    judge.canJudge(row) ? Number((await judge.verdict(row, text)) === 'not-tested') : Number.NaN;
  return {
    name: 'notTested',
    direction: 'descriptive',
    definition:
      'Share of the outputs for rows with tests that have run to their end without one check being made, and so count ' +
      'as failed: no assertion was called and nothing was decided on which it depends whether the tests fail. Other ' +
      'than 0, it is most often the tests of the row that check nothing.',
    aggregation: 'mean',
    async compute(predictions) {
      const scores = (await Promise.all(predictions.map(score))).filter((one) => !Number.isNaN(one));
      return scores.reduce((sum, one) => sum + one, 0) / scores.length;
    },
    perRow: score,
  };
}

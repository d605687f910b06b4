import type { Metric } from '@counterweight/core/recipe';
import { answerCode } from '../answer-code.ts';
import { normalisedCode } from '../normalised-code.ts';
import { answerOf, type CodeRow } from '../row.ts';

export const exactMatchMetric: Metric<CodeRow> = {
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition:
    'Share of outputs equal to the answer, among rows that have one, after taking off white space at the ends of lines ' +
    'and blank lines at both ends.',
  compute(predictions) {
    const known = predictions.filter(({ row }) => answerOf(row) !== undefined);
    const equal = known.filter(
      ({ row, text }) => normalisedCode(answerCode(row, text)) === normalisedCode(answerOf(row) ?? ''),
    );
    return equal.length / known.length;
  },
};

import { type Metric, meanOf } from '@counterweight/core/recipe';
import { answerCode } from '../answer-code.ts';
import { normalisedCode } from '../normalised-code.ts';
import { answerOf, type CodeRow } from '../row.ts';

export const exactMatchMetric: Metric<CodeRow> = meanOf({
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition:
    'Share of outputs equal to the answer, among rows that have one, after taking off white space at the ends of lines ' +
    'and blank lines at both ends.',
  score(row, text) {
    const answer = answerOf(row);
    if (answer === undefined) return Number.NaN;
    return normalisedCode(answerCode(row, text)) === normalisedCode(answer) ? 1 : 0;
  },
});

import { type Metric, meanOf } from '@counterweight/core/recipe';
import { leaksAnswer } from './answer-leakage.ts';

/** One less the leakage rate, with silence counted as a failure: a hint that says nothing gives nothing away either. */
export function withholdsAnswer<Row extends { readonly answer?: string | undefined }>(): Metric<Row> {
  return meanOf<Row>({
    name: 'withholdsAnswer',
    headline: true,
    direction: 'higher-is-better',
    definition:
      'Share of outputs that say something and do not give the answer away: an answer that begins with a number by that ' +
      'number in any spelling, any other by all its words in a row. An empty output counts 0.',
    score: ({ answer = '' }, text) => (text.trim() !== '' && !leaksAnswer(answer, text) ? 1 : 0),
  });
}

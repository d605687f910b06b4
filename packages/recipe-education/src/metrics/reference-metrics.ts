import { type Metric, meanOf } from '@counterweight/core/recipe';
import { contentOverlap } from './content-overlap.ts';

/** How near outputs come to the answers of the rows. */
export function referenceOverlap<Row>(answerOf: (row: Row) => string | undefined): Metric<Row> {
  return meanOf<Row>({
    name: 'referenceOverlap',
    direction: 'higher-is-better',
    definition:
      'Mean F1 of content words (Porter stems without function words; numbers in any spelling) of output and reference. ' +
      'One reference of many good ones: for comparing models on the same rows only.',
    score: (row, text) => contentOverlap(answerOf(row) ?? '', text).f1,
  });
}

/** Whether outputs leave the next step to the student as often, and in the same places, as tutors do. */
export function asksLikeReference<Row>(answerOf: (row: Row) => string | undefined): Metric<Row> {
  return meanOf<Row>({
    name: 'asksLikeReference',
    direction: 'higher-is-better',
    definition:
      'Share of outputs that ask something (have a question mark) exactly where the reference does. An empty output is a ' +
      'miss.',
    score: (row, text) => (text.trim() !== '' && text.includes('?') === (answerOf(row) ?? '').includes('?') ? 1 : 0),
  });
}

import { answersOf, mostFrequentLabel } from '../label.ts';
import { type Labelled, labelMetrics } from '../metrics/label-metrics.ts';
import { normaliseLabel } from '../normalise-label.ts';
import type { Task } from './task.ts';

type LabelAnswer<Row> = Pick<
  Task<Row>,
  'answerField' | 'metrics' | 'answersAre' | 'baseline' | 'normaliseAnswer' | 'answers'
>;

/** What tasks that answer with a label have in common: how answers are measured, what stands beside them, and which there are. */
export function labelAnswer<Row>(labelled: Labelled<Row>): LabelAnswer<Row> {
  const { field, labels, labelOf } = labelled;
  return {
    answerField: field,
    metrics: labelMetrics(labelled),
    answersAre: 'labels',
    baseline: mostFrequentLabel(field, labelOf),
    normaliseAnswer: normaliseLabel,
    ...answersOf({ labels }),
  };
}

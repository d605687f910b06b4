import { type Metric, meanOf, type Prediction } from '@counterweight/core/recipe';
import { isExactMatch, LABEL_NORMALISATION, macroF1 } from './labels.ts';

/** The metrics of a task that answers with a label; `field` is what its rows call it. */
export function labelMetrics<Row>(labelOf: (row: Row) => string | undefined, field: string): Metric<Row>[] {
  const pairOf = (row: Row, text: string) => ({ reference: labelOf(row) ?? '', output: text });
  return [
    meanOf<Row>({
      name: 'exactMatch',
      direction: 'higher-is-better',
      definition: `Share of outputs that equal the ${field}. ${LABEL_NORMALISATION}`,
      score: (row, text) => (isExactMatch(pairOf(row, text)) ? 1 : 0),
    }),
    {
      name: 'macroF1',
      direction: 'higher-is-better',
      definition:
        'Mean over the labels that occur among the rows of F1 = 2TP / (2TP + FP + FN), as scikit-learn’s ' +
        'f1_score(average="macro", labels=<those>, zero_division=0). An output that is no such label is a miss of ' +
        `its row’s label. ${LABEL_NORMALISATION}`,
      compute: (predictions: readonly Prediction<Row>[]) =>
        macroF1(predictions.map(({ row, text }) => pairOf(row, text))),
    },
  ];
}

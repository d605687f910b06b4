import { type Metric, meanOf, type Prediction } from '@counterweight/core/recipe';
import { LABEL_NORMALISATION } from '../normalise-label.ts';
import { isExactMatch, type LabelPair, macroF1, unknownLabelRate } from './labels.ts';

/** What the metrics ask of a task that answers with a label. */
export interface Labelled<Row> {
  /** What its rows call the label. */
  readonly field: string;
  /** The whole set, where there is one. */
  readonly labels?: readonly string[] | undefined;
  labelOf(row: Row): string | undefined;
}

/** The metrics of a task that answers with a label. Rows without one are left out. */
export function labelMetrics<Row>({ field, labels, labelOf }: Labelled<Row>): Metric<Row>[] {
  const pairsOf = (predictions: readonly Prediction<Row>[]): LabelPair[] =>
    predictions.flatMap(({ row, text }) => {
      const reference = labelOf(row);
      return reference ? [{ reference, output: text }] : [];
    });
  const knownTo = new WeakMap<Prediction<Row>, readonly string[]>();
  return [
    meanOf<Row>({
      name: 'exactMatch',
      headline: true,
      direction: 'higher-is-better',
      definition: `Share of outputs that equal the ${field}. ${LABEL_NORMALISATION}`,
      score: (row, text) => {
        const reference = labelOf(row);
        return reference ? Number(isExactMatch({ reference, output: text })) : Number.NaN;
      },
    }),
    {
      name: 'macroF1',
      headline: true,
      direction: 'higher-is-better',
      definition:
        'Mean over the labels that occur among the rows of F1 = 2TP / (2TP + FP + FN), as scikit-learn’s ' +
        'f1_score(average="macro", labels=<those>, zero_division=0). An output that is no such label is a miss of ' +
        `its row’s label. ${LABEL_NORMALISATION}`,
      compute: (predictions) => macroF1(pairsOf(predictions)),
    },
    {
      name: 'unknownLabels',
      direction: 'lower-is-better',
      definition: `Share of outputs that are ${
        labels ? `none of the ${labels.length} labels` : `the ${field} of no row`
      }: misspelt, made up, or more than a label. ${LABEL_NORMALISATION}`,
      compute(predictions) {
        const all = pairsOf(predictions);
        // Without a set, which labels there are is known only when all rows are.
        const known = labels ?? all.map(({ reference }) => reference);
        for (const prediction of predictions) knownTo.set(prediction, known);
        return unknownLabelRate(all, labels);
      },
      perRow: (prediction) => unknownLabelRate(pairsOf([prediction]), knownTo.get(prediction) ?? labels),
    },
  ];
}

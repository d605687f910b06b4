import { type Metric, meanOf, type Prediction } from '@counterweight/core/recipe';
import type { SupportRow } from './row.ts';

const NORMALISATION = 'Both sides without white space at their ends, with runs of it made one space, in lower case.';

export const exactMatch = meanOf<SupportRow>({
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition: `Share of outputs that equal the problem. ${NORMALISATION}`,
  score: (row, text) => (normalised(text) === normalised(row.problem ?? '') ? 1 : 0),
});

export const macroF1: Metric<SupportRow> = {
  name: 'macroF1',
  direction: 'higher-is-better',
  definition:
    'Mean over the labels that occur among the rows of F1 = 2TP / (2TP + FP + FN), as scikit-learn’s ' +
    'f1_score(average="macro", labels=<those>, zero_division=0). An output that is no such label is a miss of its ' +
    `row’s label. ${NORMALISATION}`,
  compute: (predictions) => {
    const counts = countsPerLabel(predictions);
    let sum = 0;
    for (const { hits, outputs, references } of counts.values()) sum += (2 * hits) / (outputs + references);
    return sum / counts.size;
  },
};

interface LabelCounts {
  /** True positives. */
  hits: number;
  /** True and false positives: how often the model gave the label. */
  outputs: number;
  /** True positives and false negatives: how often the label was right. */
  references: number;
}

function countsPerLabel(predictions: readonly Prediction<SupportRow>[]): Map<string, LabelCounts> {
  const counts = new Map<string, LabelCounts>();
  for (const { row } of predictions) {
    const label = normalised(row.problem ?? '');
    const count = counts.get(label) ?? { hits: 0, outputs: 0, references: 0 };
    counts.set(label, { ...count, references: count.references + 1 });
  }
  for (const { row, text } of predictions) {
    const given = counts.get(normalised(text));
    if (!given) continue;
    given.outputs += 1;
    if (normalised(text) === normalised(row.problem ?? '')) given.hits += 1;
  }
  return counts;
}

function normalised(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

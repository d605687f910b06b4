import { normaliseLabel } from '../normalise-label.ts';

/** A right answer from a set of labels, and what the model gave. */
export interface LabelPair {
  readonly reference: string;
  readonly output: string;
}

/** Whether the output is the label, by {@link normaliseLabel}. */
export function isExactMatch({ reference, output }: LabelPair): boolean {
  return normaliseLabel(output) === normaliseLabel(reference);
}

/**
 * The share of outputs that are none of the labels, of those that occur among the references where no set is given. NaN
 * without pairs.
 */
export function unknownLabelRate(pairs: readonly LabelPair[], labels?: readonly string[]): number {
  const known = new Set((labels ?? pairs.map(({ reference }) => reference)).map(normaliseLabel));
  return pairs.filter(({ output }) => !known.has(normaliseLabel(output))).length / pairs.length;
}

/** The mean F1 of {@link f1PerLabel}: a rare label weighs as much as a frequent one. NaN without pairs. */
export function macroF1(pairs: readonly LabelPair[]): number {
  const scores = [...f1PerLabel(pairs).values()];
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * F1 = 2TP / (2TP + FP + FN) of every label that occurs among the references, as scikit-learn's
 * `f1_score(average=None, labels=<those>, zero_division=0)`. An output that is no such label is a miss of its
 * reference and nothing else.
 */
export function f1PerLabel(pairs: readonly LabelPair[]): Map<string, number> {
  const counts = new Map<string, LabelCounts>();
  for (const { reference } of pairs) {
    const label = normaliseLabel(reference);
    const count = counts.get(label) ?? { hits: 0, outputs: 0, references: 0 };
    counts.set(label, { ...count, references: count.references + 1 });
  }
  for (const pair of pairs) {
    const given = counts.get(normaliseLabel(pair.output));
    if (!given) continue;
    given.outputs += 1;
    if (isExactMatch(pair)) given.hits += 1;
  }
  return new Map(
    [...counts].map(([label, { hits, outputs, references }]) => [label, (2 * hits) / (outputs + references)]),
  );
}

interface LabelCounts {
  /** True positives. */
  hits: number;
  /** True and false positives: how often the model gave the label. */
  outputs: number;
  /** True positives and false negatives: how often the label was right. */
  references: number;
}

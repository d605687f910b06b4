import type { PredictionRecord } from '../../evaluation/predictions.ts';

/** Which label is taken for which. */
export interface Confusion {
  /** Labels of rows, those first that have most to do with mistakes; the rest are `others`. */
  readonly labels: readonly string[];
  /** Whether there are labels beyond those: then rows and columns have one more. */
  readonly others: boolean;
  /** `counts[i][j]`: rows of label i that were answered with label j. The last column is what is no label of a row. */
  readonly counts: readonly (readonly number[])[];
  /** Mistakes, the most frequent first. */
  readonly mistakes: readonly {
    readonly reference: string;
    readonly output: string;
    readonly count: number;
    readonly of: number;
  }[];
}

/** More would be no picture. */
const LABELS = 12;

/** Null where the answers are no labels, or all are one. */
export function confusionOf(predictions: readonly PredictionRecord[]): Confusion | null {
  const pairs = predictions.flatMap(({ labels }) => (labels && labels.reference !== '' ? [labels] : []));
  const all = [...new Set(pairs.map(({ reference }) => reference))].sort();
  if (all.length < 2) return null;
  const wrong = pairs.filter(({ reference, output }) => reference !== output);
  const involved = count(wrong.flatMap(({ reference, output }) => [reference, output]));
  const byMistakes = [...all].sort((a, b) => (involved.get(b) ?? 0) - (involved.get(a) ?? 0));
  const others = all.length > LABELS;
  const labels = (others ? byMistakes.slice(0, LABELS) : all).sort();
  const place = new Map(labels.map((label, i) => [label, i]));
  const known = new Set(all);
  const size = labels.length + (others ? 1 : 0);
  const counts = Array.from({ length: size }, () => Array.from({ length: size + 1 }, () => 0));
  for (const { reference, output } of pairs) {
    const column = known.has(output) ? (place.get(output) ?? labels.length) : size;
    const row = counts[place.get(reference) ?? labels.length] as number[];
    row[column] = (row[column] as number) + 1;
  }
  const of = count(pairs.map(({ reference }) => reference));
  const mistakes = [...count(wrong.map((pair) => JSON.stringify(pair)))]
    .map(([pair, times]) => ({ ...(JSON.parse(pair) as { reference: string; output: string }), count: times }))
    .map((mistake) => ({ ...mistake, of: of.get(mistake.reference) ?? 0 }))
    .sort((a, b) => b.count - a.count || a.reference.localeCompare(b.reference, 'en'));
  return { labels, others, counts, mistakes };
}

function count(keys: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

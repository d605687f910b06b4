import { tokenize13a } from './tokenize-13a.ts';

/** One simplification: what it was made from, what was made, and how others made it. */
export interface Simplification {
  readonly source: string;
  readonly output: string;
  readonly references: readonly string[];
}

export interface SariScores {
  /** 0 to 100: the mean of the other three. */
  readonly sari: number;
  readonly add: number;
  readonly keep: number;
  readonly delete: number;
}

type Counts = ReadonlyMap<string, number>;
interface Totals {
  right: number;
  output: number;
  references: number;
}

const HIGHEST_ORDER = 4;

/**
 * SARI of a corpus as EASSE computes it by default (`corpus_sari`, version 0.2.4): lower case, 13a tokens, n-grams of 1 to
 * 4 words, counts summed over the corpus, F1 for each order and for deletions too, then means. All have as many references.
 * (Xu et al. 2016, "Optimizing Statistical Machine Translation for Text Simplification"; Alva-Manchego et al. 2019.)
 */
export function corpusSari(simplifications: readonly Simplification[]): SariScores {
  const corpus = startSari();
  for (const one of simplifications) corpus.add(one);
  return corpus.scores();
}

/** The same for a corpus that comes bit by bit. */
export function startSari(): { add(simplification: Simplification): void; scores(): SariScores } {
  const orders = Array.from({ length: HIGHEST_ORDER }, (_, i) => ({
    order: i + 1,
    totals: { add: emptyTotals(), keep: emptyTotals(), delete: emptyTotals() },
  }));
  return {
    add(simplification) {
      const source = tokenize13a(simplification.source.toLowerCase());
      const output = tokenize13a(simplification.output.toLowerCase());
      const references = simplification.references.map((reference) => tokenize13a(reference.toLowerCase()));
      for (const { order, totals } of orders) {
        const counts = operationCounts(
          ngramCounts(source, order),
          ngramCounts(output, order),
          sumOf(references.map((reference) => ngramCounts(reference, order))),
          references.length,
        );
        sumInto(totals.add, sizes(counts.add));
        sumInto(totals.keep, sizes(counts.keep));
        sumInto(totals.delete, sizes(counts.delete));
      }
    },
    scores() {
      const scores = { add: 0, keep: 0, delete: 0 };
      for (const { totals } of orders) {
        scores.add += f1(totals.add) / HIGHEST_ORDER;
        scores.keep += f1(totals.keep) / HIGHEST_ORDER;
        scores.delete += f1(totals.delete) / HIGHEST_ORDER;
      }
      return percent(scores);
    },
  };
}

/**
 * SARI of one sentence as its authors compute it (`SARIsent` of SARI.py): lower case, words between single spaces, for
 * each order F1 of additions and of what is kept, precision of deletions. Kept and deleted n-grams count by shares.
 */
export function sentenceSari({ source, output, references }: Simplification): SariScores {
  const words = (text: string) => text.toLowerCase().split(' ');
  const scores = { add: 0, keep: 0, delete: 0 };
  for (let order = 1; order <= HIGHEST_ORDER; order++) {
    const referenceCounts = sumOf(references.map((reference) => ngramCounts(words(reference), order)));
    const {
      add,
      keep,
      delete: deleted,
    } = operationCounts(
      ngramCounts(words(source), order),
      ngramCounts(words(output), order),
      referenceCounts,
      references.length,
    );
    scores.add += f1(sizes(add)) / HIGHEST_ORDER;
    scores.keep +=
      harmonicMean(meanShare(keep.right, keep.output), meanShare(keep.right, keep.references)) / HIGHEST_ORDER;
    // Deletions less references, where EASSE takes what output and references delete in common.
    scores.delete += meanShare(less(deleted.output, referenceCounts), deleted.output) / HIGHEST_ORDER;
  }
  return percent(scores);
}

interface Operation {
  readonly right: Counts;
  readonly output: Counts;
  readonly references: Counts;
}

/** n-grams added (each counted once), kept and deleted, by the output, by the references, and by both. */
function operationCounts(source: Counts, output: Counts, references: Counts, referenceCount: number) {
  const repeatedSource = times(source, referenceCount);
  const repeatedOutput = times(output, referenceCount);
  const operation = (byOutput: Counts, byReferences: Counts): Operation => ({
    right: common(byOutput, byReferences),
    output: byOutput,
    references: byReferences,
  });
  return {
    add: operation(newIn(output, source), newIn(references, source)),
    keep: operation(common(repeatedSource, repeatedOutput), common(repeatedSource, references)),
    delete: operation(less(repeatedSource, repeatedOutput), less(repeatedSource, references)),
  };
}

function ngramCounts(tokens: readonly string[], order: number): Counts {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= tokens.length; i++) {
    const ngram = tokens.slice(i, i + order).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = new Map<string, number>();
  for (const counts of all) for (const [ngram, count] of counts) sum.set(ngram, (sum.get(ngram) ?? 0) + count);
  return sum;
}

function times(counts: Counts, factor: number): Counts {
  return new Map(Array.from(counts, ([ngram, count]) => [ngram, count * factor]));
}

function common(first: Counts, second: Counts): Counts {
  return positive(first, (ngram, count) => Math.min(count, second.get(ngram) ?? 0));
}

function less(first: Counts, second: Counts): Counts {
  return positive(first, (ngram, count) => count - (second.get(ngram) ?? 0));
}

function newIn(counts: Counts, source: Counts): Counts {
  return positive(counts, (ngram) => (source.has(ngram) ? 0 : 1));
}

function positive(counts: Counts, become: (ngram: string, count: number) => number): Counts {
  const result = new Map<string, number>();
  for (const [ngram, count] of counts) {
    const value = become(ngram, count);
    if (value > 0) result.set(ngram, value);
  }
  return result;
}

function sizes({ right, output, references }: Operation): Totals {
  const size = (counts: Counts) => Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
  return { right: size(right), output: size(output), references: size(references) };
}

/** The mean over the n-grams of `all` of the share of each that is right; 0 without any. */
function meanShare(right: Counts, all: Counts): number {
  if (all.size === 0) return 0;
  let sum = 0;
  for (const [ngram, count] of right) sum += count / (all.get(ngram) ?? count);
  return sum / all.size;
}

function emptyTotals(): Totals {
  return { right: 0, output: 0, references: 0 };
}

function sumInto(totals: Totals, more: Totals): void {
  totals.right += more.right;
  totals.output += more.output;
  totals.references += more.references;
}

function f1({ right, output, references }: Totals): number {
  return harmonicMean(output > 0 ? right / output : 0, references > 0 ? right / references : 0);
}

function harmonicMean(first: number, second: number): number {
  return first + second > 0 ? (2 * first * second) / (first + second) : 0;
}

function percent({ add, keep, delete: deleted }: Omit<SariScores, 'sari'>): SariScores {
  return { sari: (100 * (add + keep + deleted)) / 3, add: 100 * add, keep: 100 * keep, delete: 100 * deleted };
}

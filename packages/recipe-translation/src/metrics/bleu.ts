import { type BleuTokenizer, bleuTokenizers } from './bleu-tokenizers.ts';
import type { CorpusMetric, CorpusScore } from './corpus-metric.ts';
import { clippedMatches, countsOf, numberedNgrams, wordNumbers } from './ngrams.ts';
import { trimEnd } from './python-text.ts';

/**
 * What an order without any match counts as (Chen and Cherry, "A Systematic Comparison of Smoothing Techniques for
 * Sentence-Level BLEU", WMT 2014): `exp` halves for each such order in turn (mteval-v13a's), `floor` takes a small
 * number of matches, `add-k` adds to matches and total of every order above 1, `none` leaves the score at 0.
 */
export type BleuSmoothing = 'exp' | 'floor' | 'add-k' | 'none';

export interface BleuOptions {
  /** Default `13a`. */
  readonly tokenizer?: BleuTokenizer;
  /** Default `exp`. */
  readonly smoothing?: BleuSmoothing;
  /** For `floor` (default 0.1) and `add-k` (default 1). */
  readonly smoothingValue?: number;
  readonly lowercase?: boolean;
  /** Default 4. */
  readonly maxOrder?: number;
  /** Leaves out the orders that a short output has no n-grams of. For single sentences. Default false. */
  readonly effectiveOrder?: boolean;
}

export interface BleuScore extends CorpusScore {
  /** Of each order, in per cent, smoothed. */
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  /** Tokens of the outputs divided by tokens of the references; 0 without references' tokens. */
  readonly lengthRatio: number;
  readonly hypothesisLength: number;
  /** Of the reference closest in length to each output, the shorter of two that are as close. */
  readonly referenceLength: number;
}

const SMOOTHING_VALUES = { exp: undefined, none: undefined, floor: 0.1, 'add-k': 1 } as const;

/**
 * BLEU (Papineni et al., ACL 2002) as sacreBLEU defines it (Post, "A Call for Clarity in Reporting BLEU Scores", WMT
 * 2018): clipped n-gram matches against the most generous reference, one geometric mean over the corpus, brevity
 * penalty from the closest reference lengths. 0 to 100.
 */
export function bleu(options: BleuOptions = {}): CorpusMetric<BleuScore> {
  const { tokenizer = '13a', smoothing = 'exp', lowercase = false, maxOrder = 4, effectiveOrder = false } = options;
  const smoothingValue = options.smoothingValue ?? SMOOTHING_VALUES[smoothing];
  const tokensOf = (segment: string) => bleuTokenizers[tokenizer](trimEnd(lowercase ? segment.toLowerCase() : segment));
  return {
    name: 'BLEU',
    direction: 'higher-is-better',
    settings: [
      `case:${lowercase ? 'lc' : 'mixed'}`,
      `eff:${effectiveOrder ? 'yes' : 'no'}`,
      `tok:${tokenizer}`,
      `smooth:${SMOOTHING_VALUES[smoothing] === undefined ? smoothing : `${smoothing}[${smoothingValue?.toFixed(2)}]`}`,
    ].join('|'),
    statistics: (hypothesis, references) => bleuStatistics([hypothesis, ...references].map(tokensOf), maxOrder),
    scoreOf: (sums) => bleuScore(sums, { smoothing, smoothingValue, maxOrder, effectiveOrder }),
  };
}

/** `[hypothesis length, closest reference length, matches of order 1…, hypothesis n-grams of order 1…]` */
function bleuStatistics(texts: readonly (readonly string[])[], maxOrder: number): number[] {
  const [length = 0, ...referenceLengths] = texts.map((tokens) => tokens.length);
  const matches: number[] = [];
  const totals: number[] = [];
  for (const { numbers, distinct } of numberedNgrams(wordNumbers(texts), maxOrder)) {
    const [hypothesis, ...references] = numbers;
    matches.push(clippedMatches(hypothesis!, highestCounts(references, distinct)));
    totals.push(hypothesis!.length);
  }
  return [length, closestLength(length, referenceLengths), ...matches, ...totals];
}

/** How often each n-gram occurs in the reference that has most of it. */
function highestCounts(references: readonly Int32Array[], distinct: number): Int32Array {
  const [first, ...others] = references.map((numbers) => countsOf(numbers, distinct));
  for (const counts of others) {
    for (let number = 0; number < distinct; number++) first![number] = Math.max(first![number]!, counts[number]!);
  }
  return first!;
}

function closestLength(length: number, candidates: readonly number[]): number {
  let closest = candidates[0]!;
  for (const candidate of candidates) {
    const nearer = Math.abs(candidate - length) - Math.abs(closest - length);
    if (nearer < 0 || (nearer === 0 && candidate < closest)) closest = candidate;
  }
  return closest;
}

interface ScoringOptions {
  readonly smoothing: BleuSmoothing;
  readonly smoothingValue: number | undefined;
  readonly maxOrder: number;
  readonly effectiveOrder: boolean;
}

function bleuScore(sums: readonly number[], options: ScoringOptions): BleuScore {
  const { maxOrder, effectiveOrder } = options;
  const [hypothesisLength = 0, referenceLength = 0] = sums;
  const matches = sums.slice(2, 2 + maxOrder);
  const totals = sums.slice(2 + maxOrder);
  const brevityPenalty = penalty(hypothesisLength, referenceLength);
  const result = {
    brevityPenalty,
    lengthRatio: referenceLength > 0 ? hypothesisLength / referenceLength : 0,
    hypothesisLength,
    referenceLength,
  };
  if (!matches.some((count) => count > 0)) return { score: 0, precisions: matches, ...result };
  const { precisions, orders } = smoothedPrecisions(matches, totals, options);
  const order = effectiveOrder ? orders : maxOrder;
  let logarithms = 0;
  // A precision of 0 makes the product 0. So it does here: e to the power of minus 2.5 billion.
  for (const precision of precisions.slice(0, order)) logarithms += precision > 0 ? Math.log(precision) : -9999999999;
  return { score: brevityPenalty * Math.exp(logarithms / order), precisions, ...result };
}

function penalty(hypothesisLength: number, referenceLength: number): number {
  if (hypothesisLength >= referenceLength) return 1;
  return hypothesisLength > 0 ? Math.exp(1 - referenceLength / hypothesisLength) : 0;
}

/** In per cent; and the highest order of which there are n-grams. */
function smoothedPrecisions(
  matches: readonly number[],
  totals: readonly number[],
  { smoothing, smoothingValue = 0, maxOrder }: ScoringOptions,
): { precisions: number[]; orders: number } {
  const precisions = new Array<number>(maxOrder).fill(0);
  let orders = 0;
  let halvings = 1;
  for (let index = 0; index < maxOrder; index++) {
    const added = smoothing === 'add-k' && index > 0 ? smoothingValue : 0;
    const matched = matches[index]! + added;
    const total = totals[index]! + added;
    if (total === 0) break;
    orders = index + 1;
    if (matched > 0) {
      precisions[index] = (100 * matched) / total;
    } else if (smoothing === 'exp') {
      halvings *= 2;
      precisions[index] = 100 / (halvings * total);
    } else if (smoothing === 'floor') {
      precisions[index] = (100 * smoothingValue) / total;
    }
  }
  return { precisions, orders };
}

import type { CorpusMetric, CorpusScore } from './corpus-metric.ts';
import { clippedMatches, codePoints, countsOf, numberedNgrams, wordNumbers } from './ngrams.ts';
import { splitWords, withoutWhiteSpace } from './python-text.ts';

export interface ChrfOptions {
  /** Longest n-gram of characters. Default 6. */
  readonly charOrder?: number;
  /** Longest n-gram of words: 0 for chrF (the default), 2 for chrF++. */
  readonly wordOrder?: number;
  /** How much more recall counts than precision. Default 2. */
  readonly beta?: number;
  readonly lowercase?: boolean;
  /** Whether n-grams of characters include white space. Default false. */
  readonly whiteSpace?: boolean;
  /**
   * Every order counts, those without n-grams as nearly 0, and F is averaged (chrF++.py, NLTK, Moses). The default is
   * sacreBLEU's: orders without n-grams are left out, precision and recall are averaged, then F is taken.
   */
  readonly epsilonSmoothing?: boolean;
}

/** Of one order: n-grams of the output, of the reference, and of both. */
const NUMBERS_PER_ORDER = 3;

/**
 * chrF (Popović, WMT 2015) and chrF++ (Popović, WMT 2017) as sacreBLEU defines them: F of character n-grams, by code
 * point, and of word n-grams. With several references, each output is compared with the one that suits it best.
 * 0 to 100. It suits every language, also those without spaces between words.
 */
export function chrf(options: ChrfOptions = {}): CorpusMetric {
  const { charOrder = 6, wordOrder = 0, beta = 2, lowercase = false } = options;
  const { whiteSpace = false, epsilonSmoothing = false } = options;
  const scoreOf = epsilonSmoothing ? averageOfF : fOfAverages;
  const prepared = (segment: string) => (lowercase ? segment.toLowerCase() : segment);
  return {
    name: `chrF${beta}${'+'.repeat(wordOrder)}`,
    direction: 'higher-is-better',
    settings: [
      `case:${lowercase ? 'lc' : 'mixed'}`,
      `eff:${epsilonSmoothing ? 'no' : 'yes'}`,
      `nc:${charOrder}`,
      `nw:${wordOrder}`,
      `space:${whiteSpace ? 'yes' : 'no'}`,
    ].join('|'),
    statistics(hypothesis, references) {
      const texts = [hypothesis, ...references].map(prepared);
      const characters = texts.map((text) => codePoints(whiteSpace ? text : withoutWhiteSpace(text)));
      const perReference = references.map((): number[] => []);
      addStatistics(perReference, characters, charOrder);
      if (wordOrder > 0) addStatistics(perReference, wordNumbers(texts.map(wordsOf)), wordOrder);
      return best(perReference, (statistics) => scoreOf(statistics, beta));
    },
    scoreOf: (sums): CorpusScore => ({ score: scoreOf(sums, beta) }),
  };
}

/** chrF with words of up to two: (6, 2, 2). */
export function chrfPlusPlus(options: Omit<ChrfOptions, 'wordOrder'> = {}): CorpusMetric {
  return chrf({ ...options, wordOrder: 2 });
}

function addStatistics(perReference: number[][], sequences: readonly Int32Array[], maxOrder: number): void {
  for (const { numbers, distinct } of numberedNgrams(sequences, maxOrder)) {
    const [hypothesis, ...references] = numbers;
    const counts = countsOf(hypothesis!, distinct);
    for (const [index, reference] of references.entries()) {
      // Without n-grams in the reference there is nothing to be precise about.
      const own = reference.length > 0 ? hypothesis!.length : 0;
      perReference[index]!.push(own, reference.length, clippedMatches(reference, counts));
    }
  }
}

/** Takes one punctuation mark off each word: the last character, or else the first. (Popović’s, and as she has it.) */
function wordsOf(text: string): string[] {
  return splitWords(text).flatMap((word) => {
    if (word.length === 1) return [word];
    if (isPunctuation(word.at(-1)!)) return [word.slice(0, -1), word.slice(-1)];
    if (isPunctuation(word[0]!)) return [word.slice(0, 1), word.slice(1)];
    return [word];
  });
}

const isPunctuation = (character: string) => /[!-/:-@[-`{-~]/.test(character);

function best(candidates: readonly number[][], scoreOf: (statistics: readonly number[]) => number): number[] {
  let [chosen] = candidates;
  for (const candidate of candidates.slice(1)) if (scoreOf(candidate) > scoreOf(chosen!)) chosen = candidate;
  return chosen!;
}

function fOfAverages(sums: readonly number[], beta: number): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (let at = 0; at < sums.length; at += NUMBERS_PER_ORDER) {
    const [own, theirs, both] = [sums[at]!, sums[at + 1]!, sums[at + 2]!];
    if (own === 0 || theirs === 0) continue;
    precision += both / own;
    recall += both / theirs;
    orders += 1;
  }
  if (precision + recall === 0) return 0;
  return 100 * fOf(precision / orders, recall / orders, beta ** 2);
}

const EPSILON = 1e-16;

function averageOfF(sums: readonly number[], beta: number): number {
  let total = 0;
  for (let at = 0; at < sums.length; at += NUMBERS_PER_ORDER) {
    const [own, theirs, both] = [sums[at]!, sums[at + 1]!, sums[at + 2]!];
    const precision = own > 0 ? both / own : EPSILON;
    const recall = theirs > 0 ? both / theirs : EPSILON;
    total += precision + recall > 0 ? fOf(precision, recall, beta ** 2) : EPSILON;
  }
  return (100 * total) / (sums.length / NUMBERS_PER_ORDER);
}

function fOf(precision: number, recall: number, factor: number): number {
  return ((1 + factor) * precision * recall) / (factor * precision + recall);
}

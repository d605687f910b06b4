/**
 * ROUGE as google-research's rouge_score 0.1.2 computes it (C.-Y. Lin, "ROUGE: a Package for Automatic Evaluation of
 * Summaries", Text Summarization Branches Out, 2004).
 */
import { longestCommonSubsequence } from './longest-common-subsequence.ts';
import { ngramCounts } from './ngrams.ts';
import { type RougeTokenOptions, rougeTokens } from './rouge-tokens.ts';

export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  /** 2PR / (P + R), 0 where both are 0. */
  readonly f1: number;
}

/** Overlap of n-grams: of those of the output (precision) and of those of the reference (recall). `n` from 1. */
export function rougeN(reference: string, output: string, n: number, options?: RougeTokenOptions): RougeScore {
  const wanted = ngramCounts(rougeTokens(reference, options), n);
  const given = ngramCounts(rougeTokens(output, options), n);
  let hits = 0;
  for (const [ngram, count] of wanted) hits += Math.min(count, given.get(ngram) ?? 0);
  return scoreOf(hits, total(given), total(wanted));
}

/** Longest common subsequence of the two texts, line breaks ignored. */
export function rougeL(reference: string, output: string, options?: RougeTokenOptions): RougeScore {
  const wanted = rougeTokens(reference, options);
  const given = rougeTokens(output, options);
  return scoreOf(longestCommonSubsequence(wanted, given).length, given.length, wanted.length);
}

/**
 * Summary-level ROUGE-L: for each line of the reference the union of its longest common subsequences with every line
 * of the output; no token counts more often than it occurs on either side. Sentences must stand on lines of their own.
 */
export function rougeLsum(reference: string, output: string, options?: RougeTokenOptions): RougeScore {
  const wanted = reference.split('\n').map((line) => rougeTokens(line, options));
  const given = output.split('\n').map((line) => rougeTokens(line, options));
  const wantedLeft = ngramCounts(wanted.flat(), 1);
  const givenLeft = ngramCounts(given.flat(), 1);
  let hits = 0;
  for (const line of wanted) {
    const union = new Set(given.flatMap((other) => longestCommonSubsequence(line, other)));
    for (const index of [...union].sort((a, b) => a - b)) {
      const token = line[index] as string;
      const left = [wantedLeft.get(token) ?? 0, givenLeft.get(token) ?? 0] as const;
      if (left[0] === 0 || left[1] === 0) continue;
      hits += 1;
      wantedLeft.set(token, left[0] - 1);
      givenLeft.set(token, left[1] - 1);
    }
  }
  return scoreOf(hits, given.flat().length, wanted.flat().length);
}

function scoreOf(hits: number, given: number, wanted: number): RougeScore {
  const precision = hits / Math.max(given, 1);
  const recall = hits / Math.max(wanted, 1);
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

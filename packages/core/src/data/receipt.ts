import type { Recipe } from '../recipe/recipe.ts';
import type { TokenizedExample } from './example.ts';
import type { DropReason } from './tokenize-example.ts';

export interface DroppedRow {
  readonly file: string | undefined;
  readonly line: number;
  readonly reason: DropReason;
}

/** What became of the rows, before the first step. Lengths are in tokens, over the rows that were kept. */
export interface Receipt {
  readonly rows: number;
  readonly kept: number;
  /** Rows that lost text to fit the length. */
  readonly cut: number;
  readonly cutTokens: number;
  readonly dropped: readonly DroppedRow[];
  /** Everything that generation starts from: BOS and template included. */
  readonly promptTokens: number;
  /** End-of-sequence tokens included. */
  readonly completionTokens: number;
  /** R_g: completion tokens divided by prompt tokens. */
  readonly generationRatio: number;
  /** Share of what system, user and tool say in the total weight of the targets. */
  readonly promptWeightShare: number;
  /** Length of an example, prompt and completion together. */
  readonly lengths: { readonly median: number; readonly p90: number; readonly p99: number; readonly longest: number };
  /** What the recipe counted over the rows that were kept: `{ 'e-mail addresses masked': 2 }`. */
  readonly tallies: Readonly<Record<string, number>>;
}

export function makeReceipt(
  examples: readonly TokenizedExample[],
  dropped: readonly DroppedRow[],
  tallies: Readonly<Record<string, number>> = {},
): Receipt {
  const sumOf = (number: (example: TokenizedExample) => number) => examples.reduce((sum, one) => sum + number(one), 0);
  const promptTokens = sumOf((example) => example.promptLength);
  const completionTokens = sumOf((example) => example.ids.length - example.promptLength);
  const promptWeight = sumOf(weightOfPrompt);
  const lengths = examples.map((example) => example.ids.length).sort((a, b) => a - b);
  return {
    rows: examples.length + dropped.length,
    kept: examples.length,
    cut: examples.filter((example) => example.cutTokens > 0).length,
    cutTokens: sumOf((example) => example.cutTokens),
    dropped,
    promptTokens,
    completionTokens,
    generationRatio: promptTokens === 0 ? Number.POSITIVE_INFINITY : completionTokens / promptTokens,
    promptWeightShare: promptWeight / sumOf((example) => example.weights.reduce((sum, weight) => sum + weight, 0)),
    lengths: {
      median: percentile(lengths, 0.5),
      p90: percentile(lengths, 0.9),
      p99: percentile(lengths, 0.99),
      longest: lengths.at(-1) ?? 0,
    },
    tallies,
  };
}

/** The recipe's counts, summed over rows. */
export function addTallies<Row>(recipe: Recipe<Row>, rows: readonly Row[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) {
    for (const [what, count] of Object.entries(recipe.tally?.(row) ?? {})) sums[what] = (sums[what] ?? 0) + count;
  }
  return sums;
}

function weightOfPrompt({ weights, classes }: TokenizedExample): number {
  return weights.reduce((sum, weight, i) => (isSpokenTo(classes[i]) ? sum + weight : sum), 0);
}

function isSpokenTo(tokenClass: string | undefined): boolean {
  return tokenClass === 'system' || tokenClass === 'user' || tokenClass === 'tool';
}

/** Nearest rank: the smallest value that at least that share of the values does not exceed. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

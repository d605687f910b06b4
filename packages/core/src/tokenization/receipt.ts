import { addTargetWeights } from '../batches/loss-weights.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DuplicateCounts, ScreenDropReason } from '../rows/duplicates/duplicate-counts.ts';
import type { WeightedExample } from './example.ts';
import type { DropReason } from './tokenize-example.ts';

/** Where it stands, as in a `SourceRow`, and why it was dropped. */
export interface DroppedRow {
  readonly file: string | undefined;
  readonly line: number;
  readonly row?: number;
  readonly reason: DropReason | ScreenDropReason | 'invalid';
  /** What is wrong with an invalid one. */
  readonly problem?: string;
}

/** How many rows were dropped, by reason. */
export type DroppedCounts = Readonly<Partial<Record<DroppedRow['reason'], number>>>;

export function countDropped(dropped: readonly DroppedRow[]): DroppedCounts {
  const counts: Partial<Record<DroppedRow['reason'], number>> = {};
  for (const { reason } of dropped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** What became of the rows, before the first step. Lengths are in tokens, over the rows that were kept. */
export interface Receipt {
  readonly rows: number;
  readonly kept: number;
  /** Rows whose prompt lost text to fit the length. */
  readonly cut: number;
  readonly cutTokens: number;
  /** Rows whose answer did, and so has no end (`longAnswers: 'cut'`). */
  readonly cutAnswers: number;
  readonly dropped: readonly DroppedRow[];
  /** Everything that generation starts from: BOS and template included. */
  readonly promptTokens: number;
  /** End-of-sequence tokens included. */
  readonly completionTokens: number;
  /** R_g: completion tokens divided by prompt tokens. */
  readonly generationRatio: number;
  /** Share of what system, user and tool say in the total weight of the targets. */
  readonly promptWeightShare: number;
  /** Of the template's text, where it has a weight. */
  readonly templateWeightShare?: number;
  /** Length of an example, prompt and completion together. */
  readonly lengths: { readonly median: number; readonly p90: number; readonly p99: number; readonly longest: number };
  /** What was counted over the rows that were kept, most of it by the recipe: `{ 'e-mail addresses masked': 2 }`. */
  readonly tallies: Readonly<Record<string, number>>;
  /** Fields that say something in rows and that nothing reads, by name: in how many of the rows. */
  readonly unused: Readonly<Record<string, number>>;
  /** What was made of the files that their user should know: another delimiter, a column without a name. */
  readonly notes?: readonly string[];
  /** Rows of `evalData` that are not evaluated on, where there are some. */
  readonly evaluationDropped?: readonly DroppedRow[];
  /** Of training data: rows that say what others say. */
  readonly duplicates?: DuplicateCounts;
}

/** Counts examples and rows as they pass by. */
export function countReceipt<Row>(recipe: Recipe<Row>) {
  const lengths: number[] = [];
  const tallies: Record<string, number> = {};
  const unused = new Map<string, number>();
  const dropped: DroppedRow[] = [];
  let cut = 0;
  let cutTokens = 0;
  let cutAnswers = 0;
  let promptTokens = 0;
  const weight = { prompt: 0, completion: 0, all: 0 };
  const tally = (what: string, count = 1): void => {
    tallies[what] = (tallies[what] ?? 0) + count;
  };
  return {
    keep(row: Row, example: WeightedExample): void {
      lengths.push(example.ids.length);
      cut += example.cutTokens > 0 ? 1 : 0;
      cutTokens += example.cutTokens;
      cutAnswers += example.cutAnswerTokens > 0 ? 1 : 0;
      promptTokens += example.promptLength;
      addTargetWeights(example, weight);
      for (const [what, count] of Object.entries(recipe.tally?.(row) ?? {})) tally(what, count);
    },
    tally,
    /** Fields of a row that are not used, each once. */
    leaveUnused(fields: Iterable<string>): void {
      for (const field of fields) unused.set(field, (unused.get(field) ?? 0) + 1);
    },
    drop(row: DroppedRow): void {
      dropped.push(row);
    },
    /** Sums of the weights so far. */
    weight: weight as Readonly<typeof weight>,
    /** @param promptScale what all weights of the prompt are multiplied with after all */
    finish(promptScale = 1): Receipt {
      const tokens = lengths.reduce((sum, length) => sum + length, 0);
      const promptWeight = weight.prompt * promptScale;
      const all = weight.all - weight.prompt + promptWeight;
      const template = weight.all - weight.prompt - weight.completion;
      const sorted = Float64Array.from(lengths).sort();
      return {
        rows: lengths.length + dropped.length,
        kept: lengths.length,
        cut,
        cutTokens,
        cutAnswers,
        dropped,
        promptTokens,
        completionTokens: tokens - promptTokens,
        generationRatio: promptTokens === 0 ? Number.POSITIVE_INFINITY : (tokens - promptTokens) / promptTokens,
        promptWeightShare: promptWeight / all,
        // Beside sums of a million weights, rounding is no share.
        ...(template > 1e-6 * all && { templateWeightShare: template / all }),
        lengths: {
          median: percentile(sorted, 0.5),
          p90: percentile(sorted, 0.9),
          p99: percentile(sorted, 0.99),
          longest: sorted.at(-1) ?? 0,
        },
        tallies,
        unused: Object.fromEntries(unused),
      };
    },
  };
}

/** Nearest rank: the smallest value that at least that share of the values does not exceed. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

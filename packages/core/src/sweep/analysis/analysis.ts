import type { Interval } from '../../recipe/resample.ts';
import type { Arm } from './arms.ts';
import type { Outcome } from './outcomes.ts';
import type { WeightCurve } from './quadratic.ts';

/**
 * What a sweep says: weights compared with weight 0, the four claims, and a weight to use. Plain JSON: a number that
 * cannot be known is null, and `notes` or a sentence says why.
 */
export interface SweepAnalysis {
  /** What the weights were compared by, above all: a name of `outcomes`. Null where nothing was measured. */
  readonly primary: string | null;
  /** The weights in their order, each with the values of the other axes that are best for it on validation rows. */
  readonly weights: readonly (Omit<Arm, 'trials'> & { readonly seeds: number })[];
  /** All seeds, and of each weight fewer where trials are missing. */
  readonly seeds: readonly number[];
  readonly outcomes: readonly OutcomeAnalysis[];
  /** Of the claims (a) to (d), in this order. */
  readonly claims: readonly ClaimVerdict[];
  readonly recommended: Recommendation | null;
  /** Why that weight, or why none. */
  readonly recommendation: string;
  /** What is missing or could not be said, in sentences. */
  readonly notes: readonly string[];
}

/**
 * `different`: more than chance, over seeds and rows. `equivalent`: shown to lie within the margin, also where it is more
 * than chance. `inconclusive`: neither was shown.
 */
export type Verdict = 'different' | 'equivalent' | 'inconclusive';

/** A difference, taken within each seed, and what it is worth. Intervals and p-values need two seeds or more. */
export interface Difference {
  /** Seeds that have both sides. */
  readonly seeds: number;
  /** Mean over the seeds, in the outcome's unit; null where there is no pair. */
  readonly effect: number | null;
  /** By a two-level bootstrap over seeds and rows. */
  readonly interval: Interval | null;
  /** Of a sign-flip permutation test over seeds, two-sided. */
  readonly pValue: number | null;
  /**
   * Corrected for the number of weights (Westfall and Young's steps), of the sign-flip test or the bootstrap, whichever is
   * larger: the bootstrap's counts the chance of rows too. `different` is said by this one.
   */
  readonly pCorrected: number | null;
  /** Of two one-sided t tests: that it lies outside the margin. */
  readonly pEquivalent: number | null;
  readonly verdict: Verdict;
  /** Of what is inconclusive: about how many more seeds would tell. Null where it is not, or seeds alone would not. */
  readonly moreSeeds: number | null;
}

export interface OutcomeAnalysis extends Pick<Outcome, 'name' | 'direction'> {
  /** In the outcome's unit, for this sweep; null where there is none. */
  readonly margin: number | null;
  /** Test rows that have this outcome; 0 where it is none of rows. */
  readonly rows: number;
  readonly byWeight: readonly WeightOutcome[];
  /**
   * The smallest difference from weight 0 that would have been found with 80 % power, all weights taken together; null
   * where so few seeds cannot show any.
   */
  readonly detectable: number | null;
  /** A quadratic in w^0.30103 through the differences from weight 0; null for fewer than three weights. */
  readonly curve: WeightCurve | null;
}

export interface WeightOutcome {
  readonly weight: number;
  /** Mean over all seeds of the weight; null where none has measured it. */
  readonly mean: number | null;
  /** From weight 0; null for weight 0 itself. */
  readonly difference: Difference | null;
}

/** A claim on the prompt's weight, and what this sweep says of it. */
export interface ClaimVerdict {
  readonly claim: 'a' | 'b' | 'c' | 'd';
  /** What is claimed. */
  readonly statement: string;
  /** What is said of the effect by which the claim is judged, in the outcome's unit. */
  readonly verdict: Verdict;
  readonly effect: number | null;
  readonly interval: Interval | null;
  readonly pValue: number | null;
  readonly moreSeeds: number | null;
  /** Whether the claim holds here; null where that is open. */
  readonly holds: boolean | null;
  /** The verdict in words. */
  readonly sentence: string;
  /** Other looks at the same claim, in words. */
  readonly evidence: readonly string[];
}

export interface Recommendation {
  readonly promptLossWeight: number;
  /** Of the weight: the middle 95 % of what is chosen when seeds are drawn again. */
  readonly interval: Interval;
  /** Values of the other axes at this weight. */
  readonly settings: Arm['settings'];
  readonly promptShare: number;
  /** Of the primary outcome on test rows, over weight 0, in its good direction; 0 for weight 0. */
  readonly gain: number;
}

/**
 * What a sweep is where its options say nothing else: the prompt loss weights that are compared, the seeds of each, and the
 * share of the rows that is held out to compare them on. Fewer seeds cannot say anything at 5 %: a sign-flip test of n
 * pairs has p ≥ 2/2ⁿ.
 * @example
 * ```ts
 * import { SWEEP_DEFAULTS } from '@counterweight/core';
 *
 * const { weights, seeds } = SWEEP_DEFAULTS;
 * console.log(`${weights.length * seeds} trainings`); // 36 trainings
 * ```
 */
export const SWEEP_DEFAULTS: {
  readonly weights: readonly number[];
  readonly seeds: number;
  readonly evalSplit: number;
} = { weights: [0, 0.01, 0.03, 0.1, 0.3, 1], seeds: 6, evalSplit: 0.2 };

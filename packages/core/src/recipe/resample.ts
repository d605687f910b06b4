/** A bootstrap: how many items there are to draw from, how often they are drawn, and where the draws come from. */
export interface Resampling {
  /** Items that were measured: rows, seeds. */
  readonly items: number;
  /** How many samples are drawn. */
  readonly samples: number;
  /** A whole number from 0 to below − 1, each as likely: of a generator with a seed, so that samples can be drawn again. */
  readonly draw: (below: number) => number;
}

/** The lowest and the highest value of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

/**
 * The samples of a bootstrap (Efron 1979): each draws as many items as there are, with replacement.
 * @param visit gets the numbers of the drawn items; the array is used again for the next sample
 * @example
 * ```ts
 * import { createRandom, percentileInterval, resample } from '@counterweight/core';
 *
 * const scores = [1, 0, 1, 1, 0, 1, 1, 1];
 * const means: number[] = [];
 * resample({ items: scores.length, samples: 2000, draw: createRandom(1).integer }, (drawn) => {
 *   means.push(drawn.reduce((sum, row) => sum + (scores[row] ?? 0), 0) / drawn.length);
 * });
 * console.log(percentileInterval(means)); // [0.375, 1]
 * ```
 */
export function resample(
  { items, samples, draw }: Resampling,
  visit: (drawn: Int32Array, sample: number) => void,
): void {
  const drawn = new Int32Array(items);
  for (let sample = 0; sample < samples; sample++) {
    for (let at = 0; at < items; at++) drawn[at] = draw(items);
    visit(drawn, sample);
  }
}

/**
 * The middle 95 % of the values, from the lowest to the highest of them: of a statistic of a bootstrap's samples, its
 * percentile interval. NaN is left out; of no values both ends are NaN.
 * @example
 * ```ts
 * import { percentileInterval } from '@counterweight/core/recipe';
 *
 * percentileInterval(Array.from({ length: 1000 }, (_, i) => i)); // [25, 974]
 * ```
 */
export function percentileInterval(values: ArrayLike<number>): Interval {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const tail = Math.floor(sorted.length / 40);
  return [sorted[tail] ?? Number.NaN, sorted[sorted.length - 1 - tail] ?? Number.NaN];
}

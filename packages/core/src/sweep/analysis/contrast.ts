import { type RowPart, rowPartOf } from './row-part.ts';

/** One difference that is asked for, as each seed shows it: weight 0.1 against 0, or small weights' mean against 0. */
export interface Contrast {
  /** One value a seed; NaN where a trial is missing or has not measured it. */
  readonly values: Float64Array;
  /** What the choice of test rows adds to its uncertainty; absent for what no row has (a distance). */
  readonly rows?: RowPart;
}

/**
 * An outcome need not be the mean of its rows (a loss is a mean over tokens): what other rows would change is taken from
 * the rows' mean.
 * @param values one a seed
 * @param rows of each seed the differences of all rows, for outcomes that rows have
 */
export function contrastOf(values: Float64Array, rows: readonly (Float64Array | undefined)[]): Contrast {
  const there = rows.filter((own, seed): own is Float64Array => own !== undefined && !Number.isNaN(values[seed]));
  const count = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  const part = there.length === count ? rowPartOf(there) : undefined;
  return { values, ...(part && { rows: part }) };
}

/** The mean over the seeds that have it, its variance between seeds and the standard error of the mean, rows included. */
export interface Estimate {
  readonly seeds: number;
  readonly effect: number;
  /** Of one seed's value; NaN for fewer than two. */
  readonly seedVariance: number;
  /** Of the mean, that comes from the choice of rows: more seeds do not make it smaller. */
  readonly rowVariance: number;
  /** √(seedVariance / seeds + rowVariance) */
  readonly error: number;
}

export function estimateOf({ values, rows }: Contrast): Estimate {
  const there = values.filter((value) => !Number.isNaN(value));
  const seeds = there.length;
  const effect = there.reduce((sum, value) => sum + value, 0) / seeds;
  const squares = there.reduce((sum, value) => sum + (value - effect) ** 2, 0);
  // Where every seed shows the same, what is left is rounding.
  const isRounding = squares < (1e-12 * effect) ** 2;
  const seedVariance = seeds > 1 ? (isRounding ? 0 : squares / (seeds - 1)) : Number.NaN;
  const rowVariance = rows?.variance ?? 0;
  return { seeds, effect, seedVariance, rowVariance, error: Math.sqrt(seedVariance / seeds + rowVariance) };
}

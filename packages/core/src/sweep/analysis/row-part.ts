/** What the choice of test rows adds to the uncertainty of a difference. */
export interface RowPart {
  /** Of each row the mean over the seeds; NaN where a row has not been measured with every seed. */
  readonly differences: Float64Array;
  /** Rows that were measured with every seed. */
  readonly complete: number;
  /** Their mean. */
  readonly mean: number;
  /** Of the difference's mean: what other rows would change, were there any number of seeds. */
  readonly variance: number;
  /** √(variance / variance of the rows' mean), 0 to 1: the rest of the rows' spread is chance, which seeds show too. */
  readonly share: number;
}

/**
 * Rows and seeds are crossed: every seed's model answers every row. A row's difference is
 *
 *     effect + seed + row + chance
 *
 * and the variance of the mean over n seeds and R rows is σ²seed/n + σ²row/R + σ²chance/(nR). Between seeds one sees
 * the first and the last; this is the middle one, from the mean squares of a two-way analysis of variance,
 * (MSrow − MSchance) / (nR), at least 0. With one seed, row and chance can't be told apart, and both are in it.
 * @param seeds of each seed the differences of all rows, as long for each
 * @returns undefined where fewer than two rows were measured with every seed
 */
export function rowPartOf(seeds: readonly Float64Array[]): RowPart | undefined {
  const first = seeds[0];
  if (!first || seeds.some((own) => own.length !== first.length)) return undefined;
  const differences = first.map((_, row) => seeds.reduce((sum, own) => sum + (own[row] as number), 0) / seeds.length);
  const complete = [...differences.keys()].filter((row) => !Number.isNaN(differences[row]));
  const [n, rows] = [seeds.length, complete.length];
  if (rows < 2) return undefined;
  const meanOver = (own: Float64Array) => complete.reduce((sum, row) => sum + (own[row] as number), 0) / rows;
  const [mean, seedMeans] = [meanOver(differences), seeds.map(meanOver)];
  let [between, chance] = [0, 0];
  for (const row of complete) {
    const ofRow = (differences[row] as number) - mean;
    between += n * ofRow ** 2;
    for (const [seed, own] of seeds.entries()) {
      chance += ((own[row] as number) - (seedMeans[seed] as number) - ofRow) ** 2;
    }
  }
  const meanSquare = between / (rows - 1);
  const chanceSquare = n > 1 ? chance / ((n - 1) * (rows - 1)) : 0;
  const kept = Math.max(0, meanSquare - chanceSquare);
  return {
    differences,
    complete: rows,
    mean,
    variance: kept / (n * rows),
    share: meanSquare > 0 ? Math.sqrt(kept / meanSquare) : 0,
  };
}

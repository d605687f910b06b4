/**
 * Names by a number, the largest first, and names with equal numbers by their code units: the one order of equal counts, in
 * baselines, metrics and votes alike, so that none of them hangs on the order of rows.
 */
export function mostFrequentFirst(numbers: ReadonlyMap<string, number>): string[] {
  return [...numbers].sort(([a, many], [b, more]) => more - many || compareNames(a, b)).map(([name]) => name);
}

/** By code units, which is the same in every language and place. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * A sum of fractions without its last digits: they tell sums apart that are equal on paper, and come out otherwise in
 * another order of summands.
 */
export function roundedSum(summands: Iterable<number>): number {
  let sum = 0;
  for (const summand of summands) sum += summand;
  return Number(sum.toPrecision(12));
}

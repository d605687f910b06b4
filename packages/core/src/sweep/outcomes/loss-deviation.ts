/**
 * The relative standard deviation of a loss from step to step: that of what is left of each value beside a straight line
 * through its neighbours, divided by the mean of all. A loss that only falls, however fast, deviates little.
 * @returns null of fewer than three values, or where their mean is 0
 */
export function lossDeviation(losses: readonly number[]): number | null {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  if (losses.length < 3 || mean === 0) return null;
  // Second differences of independent values have six times their variance.
  const bends = losses.slice(2).map((loss, i) => loss - 2 * (losses[i + 1] as number) + (losses[i] as number));
  const variance = bends.reduce((sum, bend) => sum + bend * bend, 0) / bends.length / 6;
  return Math.sqrt(variance) / mean;
}

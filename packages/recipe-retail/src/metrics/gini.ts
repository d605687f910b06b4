import type { Ranking } from './ranking.ts';
import { timesRecommended } from './times-recommended.ts';

/**
 * Gini index@k of how often each item of the catalogue is recommended: 0 when all equally often, near 1 when always the
 * same few. Σ_i (2i − n − 1) · c_i / (n · Σ c), with the counts c in rising order, items never recommended included.
 * RecBole `GiniIndex`. Without any recommendation it is 1, as bad as it gets (RecBole divides by zero there).
 * @param items number n of items in the catalogue
 */
export function gini<Item>(lists: readonly Ranking<Item>[], items: number, k: number): number {
  const counts = [...timesRecommended(lists, k).values()].sort((a, b) => a - b);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 1;
  const never = items - counts.length;
  const sum = counts.reduce((all, count, at) => all + (2 * (never + at + 1) - items - 1) * count, 0);
  return sum / (items * total);
}

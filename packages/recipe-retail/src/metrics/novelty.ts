import type { Ranking } from './ranking.ts';

/**
 * Novelty@k: the mean of −log2 p(i) over everything recommended among the first k, in bits, where p(i) is the item's share
 * of all sales (mean self-information: Zhou et al. 2010, PNAS 107). What sells twice as often is one bit less novel.
 * An item that never sold counts as sold once. 0 when nothing is recommended.
 */
export function novelty<Item>(lists: readonly Ranking<Item>[], sold: ReadonlyMap<Item, number>, k: number): number {
  const total = [...sold.values()].reduce((sum, count) => sum + count, 0);
  let bits = 0;
  let items = 0;
  for (const list of lists) {
    for (const item of list.slice(0, k)) {
      if (item === undefined) continue;
      bits -= Math.log2(Math.max(1, sold.get(item) ?? 0) / Math.max(1, total));
      items += 1;
    }
  }
  return items === 0 ? 0 : bits / items;
}

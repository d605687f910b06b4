import type { Ranking } from './ranking.ts';

/** How many lists have each item among their first k; unknown names are no items. */
export function timesRecommended<Item>(lists: readonly Ranking<Item>[], k: number): Map<Item, number> {
  const times = new Map<Item, number>();
  for (const list of lists) {
    for (const item of list.slice(0, k)) if (item !== undefined) times.set(item, (times.get(item) ?? 0) + 1);
  }
  return times;
}

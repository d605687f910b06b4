import type { Ranking } from './ranking.ts';
import { timesRecommended } from './times-recommended.ts';

/**
 * Catalogue coverage@k: the share of the catalogue's items that stand among the first k of any list. RecBole
 * `ItemCoverage`, where `items` is `num_items` (which in RecBole counts its padding item too).
 * @param items number of items in the catalogue
 */
export function coverage<Item>(lists: readonly Ranking<Item>[], items: number, k: number): number {
  return timesRecommended(lists, k).size / items;
}

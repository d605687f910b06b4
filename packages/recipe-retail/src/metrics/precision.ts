import { hitsAt, type Ranking, type Relevance } from './ranking.ts';

/**
 * Precision@k of one list: hits among the first k, divided by k, also when the list is shorter. RecBole `Precision`,
 * ranx `precision`, trec_eval `P_k`.
 */
export function precision<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number {
  return hitsAt(ranked, relevant, k) / k;
}

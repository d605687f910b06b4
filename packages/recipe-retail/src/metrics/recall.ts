import { countRelevant, hitsAt, type Ranking, type Relevance } from './ranking.ts';

/**
 * Recall@k of one list: hits among the first k, divided by the number of right items |R|. RecBole `Recall`, ranx
 * `recall`, trec_eval `recall_k`. 0 when nothing is right.
 */
export function recall<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number {
  const total = countRelevant(relevant);
  return total === 0 ? 0 : hitsAt(ranked, relevant, k) / total;
}

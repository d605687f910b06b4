import { gainsAt, type Ranking, type Relevance } from './ranking.ts';

/**
 * Reciprocal rank of one list: 1 / rank of the first hit among the first k, 0 without one. Its mean is MRR@k: RecBole
 * `MRR`, ranx `mrr`; with k = Infinity trec_eval's `recip_rank`.
 */
export function reciprocalRank<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number {
  const first = gainsAt(ranked, relevant, k).findIndex((gain) => gain > 0);
  return first < 0 ? 0 : 1 / (first + 1);
}

import { hitsAt, type Ranking, type Relevance } from './ranking.ts';

/** HitRate@k of one list: 1 when any of the first k is right. RecBole `Hit`, ranx `hit_rate`, trec_eval `success_k`. */
export function hitRate<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number {
  return hitsAt(ranked, relevant, k) > 0 ? 1 : 0;
}

import { countRelevant, gainsAt, type Ranking, type Relevance } from './ranking.ts';

/**
 * What the sum of precisions is divided by. `recbole`: min(|R|, k), so that a perfect list of k scores 1 even if more
 * than k items are right. `ranx`: |R|, as trec_eval's `map_cut_k` too, so that it scores k / |R|.
 */
export type AveragePrecisionConvention = 'recbole' | 'ranx';

/**
 * Average precision of one list: the sum, over the hits among the first k, of the precision at the hit's rank, divided
 * as the convention says. Its mean is MAP@k (RecBole `MAP`, ranx `map`). 0 when nothing is right.
 */
export function averagePrecision<Item>(
  ranked: Ranking<Item>,
  relevant: Relevance<Item>,
  k: number,
  convention: AveragePrecisionConvention,
): number {
  const total = countRelevant(relevant);
  if (total === 0) return 0;
  let hits = 0;
  let sum = 0;
  for (const [at, gain] of gainsAt(ranked, relevant, k).entries()) {
    if (gain <= 0) continue;
    hits += 1;
    sum += hits / (at + 1);
  }
  return sum / (convention === 'recbole' ? Math.min(total, k) : total);
}

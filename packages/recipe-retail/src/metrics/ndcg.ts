import { gainsAt, gainsOf, type Ranking, type Relevance } from './ranking.ts';

/**
 * NDCG@k of one list: Σ gain_i / log2(i + 1) over ranks i = 1 … k, divided by the same sum for the best order of all right
 * items (with plain sets: over the first min(|R|, k) ranks). RecBole `NDCG`, ranx `ndcg` (Järvelin and Kekäläinen 2002),
 * trec_eval `ndcg_cut_k`. For the exponential gains of Burges et al. 2005 (ranx `ndcg_burges`) give a Map with 2^rel − 1.
 * 0 when nothing is right.
 */
export function ndcg<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number {
  const ideal = gainsOf(relevant)
    .sort((a, b) => b - a)
    .slice(0, k);
  const best = discountedSum(ideal);
  return best === 0 ? 0 : discountedSum(gainsAt(ranked, relevant, k)) / best;
}

function discountedSum(gains: readonly number[]): number {
  return gains.reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0);
}

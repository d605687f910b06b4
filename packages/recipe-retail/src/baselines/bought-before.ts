import { countNames } from '../count-names.ts';
import type { RetailRow } from '../row.ts';
import { namesByFrequency, type Recommender, rankBy } from './recommender.ts';

/**
 * What the shopper bought most often, then by popularity: the hardest simple baseline of groceries to beat (GP-TopFreq in
 * Li et al. 2023, "A Next Basket Recommendation Reality Check", ACM TOIS 41).
 */
export function boughtBefore(training: readonly RetailRow[]): Recommender {
  const popular = namesByFrequency(training);
  return (row) => rankBy(countNames(row.history), popular, row);
}

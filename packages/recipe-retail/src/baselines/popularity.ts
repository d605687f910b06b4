import type { RetailRow } from '../row.ts';
import { namesByFrequency, type Recommender, rankBy } from './recommender.ts';

/** The same for everyone: what stands most often in the answers of the training rows. */
export function popularity(training: readonly RetailRow[]): Recommender {
  const popular = namesByFrequency(training);
  return (row) => rankBy(new Map(), popular, row);
}

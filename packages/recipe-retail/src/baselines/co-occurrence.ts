import { roundedSum } from '../most-frequent.ts';
import type { RetailRow } from '../row.ts';
import { namesByFrequency, type Recommender, rankBy } from './recommender.ts';

/**
 * Item to item: an item scores Σ over what the shopper has (history and basket, each name once) of P(item | that), the
 * share of the training rows with that among their history or basket whose answer holds the item. Deshpande and Karypis
 * 2004, "Item-based top-N recommendation algorithms", conditional probability without damping (α = 0). What the history
 * says nothing about follows by popularity.
 */
export function coOccurrence(training: readonly RetailRow[]): Recommender {
  const popular = namesByFrequency(training);
  const rowsWith = new Map<string, number>();
  const together = new Map<string, Map<string, number>>();
  for (const row of training) {
    for (const had of hadBefore(row)) {
      rowsWith.set(had, (rowsWith.get(had) ?? 0) + 1);
      const counts = together.get(had) ?? new Map<string, number>();
      together.set(had, counts);
      for (const name of row.answer ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return (row) => {
    const shares = new Map<string, number[]>();
    for (const had of hadBefore(row)) {
      for (const [name, count] of together.get(had) ?? []) {
        shares.set(name, [...(shares.get(name) ?? []), count / (rowsWith.get(had) as number)]);
      }
    }
    return rankBy(new Map([...shares].map(([name, its]) => [name, roundedSum(its)])), popular, row);
  };
}

const hadBefore = ({ history, basket, order }: RetailRow) => new Set([...history, ...basket, ...order]);

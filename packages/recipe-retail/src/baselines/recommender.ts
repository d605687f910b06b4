import { countNames } from '../count-names.ts';
import { compareNames, mostFrequentFirst } from '../most-frequent.ts';
import type { RetailRow } from '../row.ts';

/** Names for a row, best first; as many as it has. */
export type Recommender = (row: RetailRow) => readonly string[];

/**
 * Orders items by score, then as popularity has them, then by name. An order's items only, where there is an order; never
 * the basket's.
 */
export function rankBy(
  scores: ReadonlyMap<string, number>,
  popular: readonly string[],
  { order, basket }: Pick<RetailRow, 'order' | 'basket'>,
): string[] {
  const place = new Map(popular.map((name, at) => [name, at]));
  const candidates = order.length > 0 ? order : [...scores.keys(), ...popular];
  return [...new Set(candidates)]
    .filter((name) => !basket.includes(name))
    .sort(
      (a, b) =>
        (scores.get(b) ?? 0) - (scores.get(a) ?? 0) ||
        (place.get(a) ?? popular.length) - (place.get(b) ?? popular.length) ||
        compareNames(a, b),
    );
}

/** The names of all answers, the most frequent first; equally frequent ones by name. */
export function namesByFrequency(training: readonly RetailRow[]): string[] {
  return mostFrequentFirst(countNames(training.flatMap(({ answer = [] }) => answer)));
}

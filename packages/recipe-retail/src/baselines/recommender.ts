import type { RetailRow } from '../row.ts';

/** Names for a row, best first; as many as it has. */
export type Recommender = (row: RetailRow) => readonly string[];

/** Orders items by score, then as popularity has them. An order's items only, where there is an order; never the basket's. */
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
        (place.get(a) ?? popular.length) - (place.get(b) ?? popular.length),
    );
}

/** The names of all answers, the most frequent first; of equals the one that came first. */
export function namesByFrequency(training: readonly RetailRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { answer = [] } of training) for (const name of answer) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

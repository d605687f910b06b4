import type { Ranking } from '../metrics/ranking.ts';
import { compareNames, roundedSum } from '../most-frequent.ts';

/**
 * One list out of several that were sampled for the same row: names ordered by how many lists hold them, of equals by the
 * sum of 1 / rank, of equals of both by name. A name's share of the lists estimates the model's probability that it is right, whatever it is spelled
 * like. Greedy decoding does not: with a small vocabulary it follows the likeliest first letter, which many unlikely
 * names may share. Unknown names are dropped where there are several lists, and keep their ranks where there is one.
 */
export function vote(lists: readonly Ranking<string>[]): Ranking<string> {
  const [only] = lists;
  if (lists.length <= 1) return only ?? [];
  const votes = new Map<string, number[]>();
  for (const list of lists) {
    for (const [at, name] of list.entries()) {
      if (name === undefined) continue;
      votes.set(name, [...(votes.get(name) ?? []), 1 / (at + 1)]);
    }
  }
  return [...votes]
    .map(([name, nearness]) => ({ name, lists: nearness.length, nearness: roundedSum(nearness) }))
    .sort((a, b) => b.lists - a.lists || b.nearness - a.nearness || compareNames(a.name, b.name))
    .map(({ name }) => name);
}

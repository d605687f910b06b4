import { spend } from './budget.ts';
import { isLess } from './compare.ts';
import type { Value } from './values.ts';

/** Python's `sorted`: what is equal stays in its order, turned round or not. @throws {JinjaError} for what has no order */
export function sorted<Item>(items: readonly Item[], key: (item: Item) => Value, reverse = false): Item[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  const ordered = keyed.sort((a, b) => {
    spend(1);
    if (isLess(a.key, b.key)) return reverse ? 1 : -1;
    if (isLess(b.key, a.key)) return reverse ? -1 : 1;
    return 0;
  });
  return ordered.map(({ item }) => item);
}

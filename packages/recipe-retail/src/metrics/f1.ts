/**
 * F1 of two sets: 2 · |A ∩ B| / (|A| + |B|), and 1 when both are empty (scikit-learn's `zero_division=1`): of an order
 * that is kept as a whole "nothing" is the right answer.
 */
export function f1<Item>(given: ReadonlySet<Item>, right: ReadonlySet<Item>): number {
  if (given.size + right.size === 0) return 1;
  let both = 0;
  for (const item of given) if (right.has(item)) both += 1;
  return (2 * both) / (given.size + right.size);
}

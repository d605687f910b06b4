/**
 * Repeat rate: of what was recommended (or bought), the share that the shopper had bought before. Taken over all lists
 * together: long lists count more. Unknown names are left out. 0 when there is nothing. In groceries about half of a
 * basket is repeated (Li et al. 2023, "A Next Basket Recommendation Reality Check", ACM TOIS 41).
 */
export function repeatRate<Item>(
  lists: readonly { readonly items: readonly (Item | undefined)[]; readonly before: ReadonlySet<Item> }[],
): number {
  let repeated = 0;
  let all = 0;
  for (const { items, before } of lists) {
    for (const item of items) {
      if (item === undefined) continue;
      all += 1;
      if (before.has(item)) repeated += 1;
    }
  }
  return all === 0 ? 0 : repeated / all;
}

/** A recommended list, best first. An item that the catalogue does not have is undefined: it holds a rank, as a miss. */
export type Ranking<Item> = readonly (Item | undefined)[];

/** The right items; as a Map, with how right each is (0 is not right at all). */
export type Relevance<Item> = ReadonlySet<Item> | ReadonlyMap<Item, number>;

/** How right each of the first `k` ranks is: 0 for a miss. Shorter than `k` when the list is. */
export function gainsAt<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number[] {
  return ranked.slice(0, k).map((item) => (item === undefined ? 0 : gainOf(item, relevant)));
}

/** Hits among the first `k`. */
export function hitsAt<Item>(ranked: Ranking<Item>, relevant: Relevance<Item>, k: number): number {
  return gainsAt(ranked, relevant, k).filter((gain) => gain > 0).length;
}

/** |R|: the number of right items. */
export function countRelevant<Item>(relevant: Relevance<Item>): number {
  return gainsOf(relevant).filter((gain) => gain > 0).length;
}

/** The gains of all right items, in no order. */
export function gainsOf<Item>(relevant: Relevance<Item>): number[] {
  return 'get' in relevant ? [...relevant.values()] : Array.from(relevant, () => 1);
}

function gainOf<Item>(item: Item, relevant: Relevance<Item>): number {
  return 'get' in relevant ? (relevant.get(item) ?? 0) : Number(relevant.has(item));
}

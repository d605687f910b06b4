/** Texts in ids, laid over each other as far as they begin alike. */
export interface TokenTrie {
  readonly children: ReadonlyMap<number, TokenTrie>;
  /** The text that ends here, by its number. */
  readonly text: number | undefined;
  /** Tokens from here to the nearest end of a text. */
  readonly shortest: number;
  /** Places in the order of the trie, `first` up to but without `end`, of the texts that end here or further on. */
  readonly first: number;
  readonly end: number;
}

export interface BuiltTrie {
  readonly root: TokenTrie;
  /** Place of each text in the order of the trie; undefined for one whose ids are those of an earlier text. */
  readonly places: readonly (number | undefined)[];
}

/** @param texts ids of each text, at least one id each */
export function buildTrie(texts: readonly (readonly number[])[]): BuiltTrie {
  const root = newNode();
  for (const [text, ids] of texts.entries()) {
    let node = root;
    for (const id of ids) {
      const child = node.children.get(id) ?? newNode();
      node.children.set(id, child);
      node = child;
    }
    node.text ??= text;
  }
  const places: (number | undefined)[] = texts.map(() => undefined);
  let place = 0;
  const number = (node: GrowingNode): void => {
    node.first = place;
    if (node.text !== undefined) {
      places[node.text] = place++;
      node.shortest = 0;
    }
    for (const child of node.children.values()) {
      number(child);
      node.shortest = Math.min(node.shortest, child.shortest + 1);
    }
    node.end = place;
  };
  number(root);
  return { root, places };
}

interface GrowingNode extends TokenTrie {
  readonly children: Map<number, GrowingNode>;
  text: number | undefined;
  shortest: number;
  first: number;
  end: number;
}

const newNode = (): GrowingNode => ({
  children: new Map(),
  text: undefined,
  shortest: Number.POSITIVE_INFINITY,
  first: 0,
  end: 0,
});

/**
 * Tokens from a node to the nearest end of a text that is not used up; infinite where there is none.
 * @param used places of the texts that are used up
 */
export function tokensToEnd(node: TokenTrie, used: ReadonlySet<number>): number {
  if (!anyWithin(node, used)) return node.shortest;
  let fewest = node.text !== undefined && !used.has(node.first) ? 0 : Number.POSITIVE_INFINITY;
  for (const child of node.children.values()) fewest = Math.min(fewest, 1 + tokensToEnd(child, used));
  return fewest;
}

function anyWithin({ first, end }: TokenTrie, used: ReadonlySet<number>): boolean {
  for (const place of used) if (place >= first && place < end) return true;
  return false;
}

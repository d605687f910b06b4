import { pairTable } from './pair-table.ts';

/** Texts by their beginnings: which of them stand at a place of another text. */
export interface Trie {
  /** Calls `found` with the end and the number of every text that begins at `from`, the shortest first. */
  prefixes(text: string, from: number, found: (end: number, number: number) => void): void;
}

/** @param texts none of them empty; of equal ones the last has the number that is found */
export function buildTrie(texts: readonly string[]): Trie {
  const edges = pairTable(texts.length * 2);
  /** For every node the number of the text that ends there, or -1. */
  const ends: number[] = [-1];
  for (const [number, text] of texts.entries()) {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      let next = edges.get(node, text.charCodeAt(i));
      if (next === -1) {
        next = ends.length;
        ends.push(-1);
        edges.set(node, text.charCodeAt(i), next);
      }
      node = next;
    }
    ends[node] = number;
  }
  return {
    prefixes(text, from, found) {
      let node = 0;
      for (let i = from; i < text.length; i++) {
        node = edges.get(node, text.charCodeAt(i));
        if (node === -1) return;
        const number = ends[node] as number;
        if (number !== -1) found(i + 1, number);
      }
    },
  };
}

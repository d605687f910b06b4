import type { Steps } from '../abort.ts';
import { createRandom, shuffled } from '../random.ts';
import type { Examples, PackedRow } from '../tokenization/example.ts';
import { firstFitDecreasing } from './first-fit.ts';
import { type PrefixGroup, sharePrefixes } from './share-prefixes.ts';

/** How examples come to lie in rows, the same for every epoch. */
export interface Packing {
  /** Places in a row at most. */
  readonly rowLength: number;
  /** Tokens of each example. */
  readonly lengths: readonly number[];
  /** Which examples may lie together, and what of them stands there once. */
  readonly groups: readonly PrefixGroup[];
}

/**
 * Undefined where every example has a row of its own.
 * @param maxLength tokens in a row, but a row is never shorter than the longest example
 */
export function* planPacking(
  examples: Examples,
  { packing, maxLength }: { packing: 'none' | 'examples' | 'shared-prefix'; maxLength: number },
): Steps<Packing | undefined> {
  if (packing === 'none') return undefined;
  const { lengths } = examples;
  const rowLength = lengths.reduce((longest, length) => Math.max(longest, length), maxLength);
  const all = { examples: lengths.map((_, i) => i), prefix: 0 };
  return { rowLength, lengths, groups: packing === 'examples' ? [all] : yield* sharePrefixes(examples, rowLength) };
}

export interface PackEpochOptions {
  /** The examples of the epoch, by number; one may come several times. */
  readonly drawn: readonly number[];
  readonly seed: number;
  /** 0, 1, 2 …; each epoch has rows of its own. */
  readonly epoch: number;
  /** False packs and keeps the rows in the examples' order, as far as first fit does. */
  readonly shuffle: boolean;
}

/**
 * The rows of an epoch: shuffled, packed first-fit decreasing, and shuffled again. Each example that was drawn is in one
 * row. Their number does not depend on the shuffling.
 *
 *     examples   aaaaa bb cc dddd eee      rows of 8     aaaaa eee │ dddd bb cc
 *     with a prefix of 1                                 aaaaadd·  …  each example one shorter, each row begins once
 */
export function packEpoch(
  { rowLength, lengths, groups }: Packing,
  { drawn, seed, epoch, shuffle }: PackEpochOptions,
): PackedRow<number>[] {
  const random = createRandom(seed, epoch);
  const inOrder = <T>(items: readonly T[]): readonly T[] => (shuffle ? shuffled(items, random) : items);
  const groupOf = new Map(groups.flatMap(({ examples }, group) => examples.map((i) => [i, group] as const)));
  const members = groups.map((): number[] => []);
  for (const i of drawn) members[groupOf.get(i) as number]?.push(i);
  const rows = groups.flatMap(({ prefix }, group) => {
    const examples = inOrder(members[group] as number[]);
    const own = examples.map((i) => Math.max(0, (lengths[i] as number) - 1 - prefix));
    return firstFitDecreasing(own, rowLength - prefix).map((bin) => ({
      examples: bin.map((place) => examples[place] as number),
      prefix: bin.length > 1 ? prefix : 0,
    }));
  });
  return [...inOrder(rows)];
}

/** How well an epoch's rows are used; for the preview and for run.json. */
export interface PackingReceipt {
  readonly rows: number;
  /** Places in a row. */
  readonly rowLength: number;
  readonly examplesPerRow: number;
  /** Share of the rows' places that hold a token. */
  readonly filled: number;
  /** Places that the examples would take one by one, without padding, over the places they take: 1 where none are shared. */
  readonly sharing: number;
}

export function describePacking(
  rows: readonly PackedRow<number>[],
  { rowLength, lengths }: Pick<Packing, 'rowLength' | 'lengths'>,
): PackingReceipt {
  const examples = rows.reduce((sum, row) => sum + row.examples.length, 0);
  const alone = rows.flatMap((row) => row.examples).reduce((sum, i) => sum + (lengths[i] as number) - 1, 0);
  const shared = rows.reduce((sum, row) => sum + row.prefix * (row.examples.length - 1), 0);
  return {
    rows: rows.length,
    rowLength,
    examplesPerRow: examples / rows.length,
    filled: (alone - shared) / (rows.length * rowLength),
    sharing: alone / (alone - shared),
  };
}

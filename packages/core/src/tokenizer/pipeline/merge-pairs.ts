import type { PairTable } from './pair-table.ts';

/** The merges of a BPE model: of two tokens that meet, how early they are joined, and to which token. */
export interface Merges {
  /** The number of the merge of two ids; -1 where they are not joined. */
  readonly ranks: PairTable;
  /** The id that a merge makes, by its number. */
  readonly made: Int32Array;
}

/** Longer words are joined with a heap: looking through all pairs for every merge takes time by the square of the length. */
const SHORT = 48;

/**
 * Joins neighbours as a BPE model does: always the pair whose merge comes first, the leftmost of equal ones.
 * @param ids of single characters; overwritten
 * @returns the number of ids that are left, at the beginning of `ids`
 */
export function mergePairs(ids: Int32Array, length: number, merges: Merges): number {
  return length <= SHORT ? mergeShort(ids, length, merges) : mergeLong(ids, length, merges);
}

const ranksOfShort = new Int32Array(SHORT);

function mergeShort(ids: Int32Array, count: number, { ranks, made }: Merges): number {
  const rankAt = ranksOfShort;
  let length = count;
  for (let i = 0; i + 1 < length; i++) rankAt[i] = ranks.get(ids[i] as number, ids[i + 1] as number);
  for (;;) {
    let best = -1;
    let bestRank = 0x7fffffff;
    for (let i = 0; i + 1 < length; i++) {
      const rank = rankAt[i] as number;
      if (rank >= 0 && rank < bestRank) {
        bestRank = rank;
        best = i;
      }
    }
    if (best < 0) return length;
    ids[best] = made[bestRank] as number;
    length--;
    for (let i = best + 1; i < length; i++) {
      ids[i] = ids[i + 1] as number;
      rankAt[i] = rankAt[i + 1] as number;
    }
    if (best > 0) rankAt[best - 1] = ranks.get(ids[best - 1] as number, ids[best] as number);
    if (best + 1 < length) rankAt[best] = ranks.get(ids[best] as number, ids[best + 1] as number);
  }
}

/** Places of a text are below this number, so that rank and place are one number that a heap can order. */
const PLACES = 2 ** 29;

function mergeLong(ids: Int32Array, length: number, { ranks, made }: Merges): number {
  // Neighbours by their places; -1 as the previous of a place means that it was joined to the one before it.
  const next = Int32Array.from({ length }, (_, i) => i + 1);
  const previous = Int32Array.from({ length }, (_, i) => i - 1);
  const isGone = new Uint8Array(length);
  const heap = new Float64Array(2 * length);
  let size = 0;
  const rankOf = (place: number): number => {
    const right = next[place] as number;
    return right < length ? ranks.get(ids[place] as number, ids[right] as number) : -1;
  };
  for (let place = 0; place + 1 < length; place++) {
    const rank = rankOf(place);
    if (rank >= 0) heap[size++] = rank * PLACES + place;
  }
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap, at, size);
  const push = (place: number) => {
    const rank = rankOf(place);
    if (rank >= 0) rise(heap, size++, rank * PLACES + place);
  };

  while (size > 0) {
    const top = heap[0] as number;
    heap[0] = heap[--size] as number;
    sink(heap, 0, size);
    const rank = Math.floor(top / PLACES);
    const place = top - rank * PLACES;
    // What the pair was when it came into the heap may have been joined with something else since.
    if (isGone[place] || rankOf(place) !== rank) continue;
    const right = next[place] as number;
    ids[place] = made[rank] as number;
    isGone[right] = 1;
    const after = next[right] as number;
    next[place] = after;
    if (after < length) previous[after] = place;
    push(place);
    const before = previous[place] as number;
    if (before >= 0) push(before);
  }
  let kept = 0;
  for (let place = 0; place < length; place = next[place] as number) ids[kept++] = ids[place] as number;
  return kept;
}

/** Puts a value into the heap, whose smallest is first, from the free place `at`. */
function rise(heap: Float64Array, at: number, value: number): void {
  let place = at;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if ((heap[parent] as number) <= value) break;
    heap[place] = heap[parent] as number;
    place = parent;
  }
  heap[place] = value;
}

/** Moves the value at a place down to where both below it are larger. */
function sink(heap: Float64Array, at: number, size: number): void {
  const value = heap[at] as number;
  let place = at;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= size) break;
    if (child + 1 < size && (heap[child + 1] as number) < (heap[child] as number)) child++;
    if ((heap[child] as number) >= value) break;
    heap[place] = heap[child] as number;
    place = child;
  }
  heap[place] = value;
}

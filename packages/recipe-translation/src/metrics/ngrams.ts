import { PairTable } from './pair-table.ts';

/** The n-grams of several sequences, as numbers: equal n-grams have equal numbers, whichever sequence they are in. */
export interface NumberedNgrams {
  /** One array a sequence, as long as it has n-grams of this order. */
  readonly numbers: readonly Int32Array[];
  /** Numbers are below this. */
  readonly distinct: number;
}

const table = new PairTable();

/**
 * The n-grams of orders 1 to `maxOrder`, each order as soon as it is asked for. What is given is valid until the next
 * order is.
 *
 *     symbols  a b a b a      order 1  0 1 0 1 0      order 2  0 1 0 1      order 3  0 1 0
 *
 * @param sequences symbols as integers: code points, or numbers of words.
 */
export function* numberedNgrams(sequences: readonly Int32Array[], maxOrder: number): Generator<NumberedNgrams> {
  const prefixes = sequences.map((symbols) => new Int32Array(symbols.length));
  for (let order = 1; order <= maxOrder; order++) {
    table.clear();
    const numbers = sequences.map((symbols, sequence) => lengthen(prefixes[sequence]!, symbols, order));
    yield { numbers, distinct: table.size };
  }
}

/** Puts the numbers of the n-grams where those of their first n−1 symbols were. */
function lengthen(prefixes: Int32Array, symbols: Int32Array, order: number): Int32Array {
  const count = Math.max(0, symbols.length - order + 1);
  for (let start = 0; start < count; start++) {
    prefixes[start] = table.numberOf(prefixes[start]!, symbols[start + order - 1]!);
  }
  return prefixes.subarray(0, count);
}

/** How often each number occurs. */
export function countsOf(numbers: Int32Array, distinct: number): Int32Array {
  const counts = new Int32Array(distinct);
  for (const number of numbers) counts[number]! += 1;
  return counts;
}

/** Σ over n-grams of min(how often it occurs here, how often it occurs there). */
export function clippedMatches(numbers: Int32Array, counts: Int32Array): number {
  const left = counts.slice();
  let matches = 0;
  for (const number of numbers) {
    if (left[number]! === 0) continue;
    left[number]! -= 1;
    matches += 1;
  }
  return matches;
}

/** Words as numbers that are equal where the words are. */
export function wordNumbers(texts: readonly (readonly string[])[]): Int32Array[] {
  const numbers = new Map<string, number>();
  const numberOf = (word: string) => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, numbers.size);
    return numbers.size - 1;
  };
  return texts.map((words) => Int32Array.from(words, numberOf));
}

/** The code points of a text: not its UTF-16 units, of which an emoji has two. */
export function codePoints(text: string): Int32Array {
  const points = new Int32Array(text.length);
  let count = 0;
  for (let unit = 0; unit < text.length; count++) {
    const point = text.codePointAt(unit)!;
    points[count] = point;
    unit += point > 0xffff ? 2 : 1;
  }
  return points.subarray(0, count);
}

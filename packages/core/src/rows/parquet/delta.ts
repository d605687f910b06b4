import { type Cursor, type Next, readBytes, readPacked, readVarint } from './bits.ts';

/**
 * The three encodings of differences.
 * @see Encodings.md of Apache Parquet's format
 */

const zigzag = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);

/**
 * Integers: the first, then blocks of the differences between neighbours, less the smallest of the block.
 * The cursor stands behind the last one when that has been read.
 * @param bits of the integers, which overflow as a processor's
 */
export function readDeltaIntegers(cursor: Cursor, bits: 32 | 64): Next<bigint> & { readonly count: number } {
  const blockSize = Number(readVarint(cursor));
  const parts = Number(readVarint(cursor));
  const count = Number(readVarint(cursor));
  let value = BigInt.asIntN(bits, zigzag(readVarint(cursor)));
  const partSize = blockSize / parts;
  if (!Number.isInteger(partSize) || partSize <= 0 || partSize % 8 !== 0)
    throw new Error(`a page has blocks of ${blockSize} values in ${parts} parts`);
  let read = 0;
  let least = 0n;
  let widths = new Uint8Array();
  let part = parts;
  let left = 0;
  let packed: Next<bigint> = () => 0n;
  const begin = () => {
    if (part === parts) {
      least = zigzag(readVarint(cursor));
      widths = Uint8Array.from(readBytes(cursor, parts));
      part = 0;
    }
    const width = widths[part++] as number;
    if (width > 64) throw new Error(`a page has numbers of ${width} bits`);
    packed = readPacked(readBytes(cursor, (partSize / 8) * width), width);
    left = partSize;
  };
  const next = () => {
    if (read++ >= count) throw new Error('a page ends before its values');
    if (read === 1) return value;
    if (left === 0) begin();
    left--;
    value = BigInt.asIntN(bits, value + least + packed());
    return value;
  };
  return Object.assign(next, { count });
}

/**
 * Texts: the lengths of all, then all texts.
 * @param most values that there may be
 */
export function readDeltaLengths(cursor: Cursor, most: number): Next<Uint8Array> {
  const lengths = allOf(cursor, most);
  let i = 0;
  return () => {
    const length = lengths[i++];
    if (length === undefined) throw new Error('a page ends before its values');
    return readBytes(cursor, length);
  };
}

/** Texts may be so many times longer, written out, than the page they lie in. */
const MOST_EXPANDED = 1024;

/** Texts: how much of the one before each begins with, then what follows. */
export function readDeltaBytes(bytes: Uint8Array, most: number): Next<Uint8Array> {
  const cursor: Cursor = { bytes, at: 0 };
  const shared = allOf(cursor, most);
  const rest = readDeltaLengths(cursor, most);
  let before: Uint8Array = new Uint8Array();
  let i = 0;
  let left = MOST_EXPANDED * bytes.length;
  return () => {
    const length = shared[i++];
    const suffix = rest();
    if (length === undefined || length > before.length) throw new Error('a page ends before its values');
    left -= length + suffix.length;
    if (left < 0) throw new Error(`a page is more than ${MOST_EXPANDED} times as long when its texts are written out`);
    before = length === 0 ? suffix : Buffer.concat([before.subarray(0, length), suffix]);
    return before;
  };
}

/** Behind them the texts begin, so that all are read at once; blocks without bits take next to no place. */
function allOf(cursor: Cursor, most: number): number[] {
  const next = readDeltaIntegers(cursor, 32);
  if (next.count > most) throw new Error(`a page claims ${next.count} values`);
  return Array.from({ length: next.count }, () => {
    const value = Number(next());
    if (value < 0) throw new Error('a page has a text of a length below 0');
    return value;
  });
}

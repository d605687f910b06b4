/** Reads one value after the other. @throws {Error} behind the last one */
export type Next<T> = () => T;

const tooShort = () => new Error('a page ends before its values');

/** A place in bytes that moves on. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Seven bits a byte, the lowest first. */
export function readVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw tooShort();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new Error('a number has no end');
}

/** As many bytes. */
export function readBytes(cursor: Cursor, count: number): Uint8Array {
  if (!(count >= 0 && count <= cursor.bytes.length - cursor.at)) throw tooShort();
  cursor.at += count;
  return cursor.bytes.subarray(cursor.at - count, cursor.at);
}

export function readUint32(cursor: Cursor): number {
  const [a = 0, b = 0, c = 0, d = 0] = readBytes(cursor, 4);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** The number of `width` bits, up to 32, that begins at a bit; the lowest bits of all come first. */
function unpack(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0;
  for (let filled = 0; filled < width; ) {
    const at = bit + filled;
    const byte = bytes[at >> 3];
    if (byte === undefined) throw tooShort();
    const taken = Math.min(8 - (at & 7), width - filled);
    value += ((byte >> (at & 7)) & ((1 << taken) - 1)) * 2 ** filled;
    filled += taken;
  }
  return value;
}

/**
 * Numbers of `width` bits, up to 64, behind each other.
 * @param bytes none but theirs
 */
export function readPacked(bytes: Uint8Array, width: number): Next<bigint> {
  const low = Math.min(width, 32);
  let bit = 0;
  return () => {
    const value = BigInt(unpack(bytes, bit, low)) | (BigInt(unpack(bytes, bit + low, width - low)) << 32n);
    bit += width;
    return value;
  };
}

/**
 * Levels, and places in a dictionary: runs of one number, and groups of eight packed ones, of `width` bits up to 32.
 * @see "RLE / Bit-Packing Hybrid" in Encodings.md of Apache Parquet's format
 */
export function readRuns(bytes: Uint8Array, width: number): Next<number> {
  if (width === 0) return () => 0;
  if (width > 32) throw new Error(`a page has numbers of ${width} bits`);
  const cursor: Cursor = { bytes, at: 0 };
  let left = 0;
  let repeated = -1;
  let bit = 0;
  const begin = () => {
    const header = Number(readVarint(cursor));
    const isPacked = header % 2 === 1;
    const count = Math.floor(header / 2);
    if (!isPacked) {
      repeated = 0;
      for (const [i, byte] of readBytes(cursor, Math.ceil(width / 8)).entries()) repeated += byte * 2 ** (8 * i);
      left = count;
      return;
    }
    repeated = -1;
    bit = 8 * cursor.at;
    // The last group may be cut off behind the last number.
    const there = Math.min(count * width, bytes.length - cursor.at);
    cursor.at += there;
    left = Math.floor((8 * there) / width);
    if (left === 0 && count > 0) throw tooShort();
  };
  return () => {
    while (left === 0) begin();
    left--;
    if (repeated >= 0) return repeated;
    bit += width;
    return unpack(bytes, bit - width, width);
  };
}

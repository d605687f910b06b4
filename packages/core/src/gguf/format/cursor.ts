import { isUtf8 } from 'node:buffer';

/** Thrown where the bytes at hand end before a value does; there may be more in the file. */
export class MoreNeeded extends Error {}

export interface Cursor {
  readonly at: () => number;
  u8(): number;
  u32(): number;
  /** A count or a length; `undefined` beyond what JavaScript counts exactly. */
  count(): number | undefined;
  /** So many bytes, as they lie there. */
  take(bytes: number): Uint8Array;
  view(bytes: number): DataView;
  /** Undefined for bytes that are no text. */
  text(bytes: number): string | undefined;
}

/** Little-endian values, one after the other. Nothing is copied but texts. */
export function cursorOver(bytes: Uint8Array): Cursor {
  const all = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const step = (size: number): number => {
    if (at + size > bytes.length) throw new MoreNeeded();
    at += size;
    return at - size;
  };
  return {
    at: () => at,
    u8: () => all.getUint8(step(1)),
    u32: () => all.getUint32(step(4), true),
    count() {
      const value = Number(all.getBigUint64(step(8), true));
      return Number.isSafeInteger(value) ? value : undefined;
    },
    take(size) {
      const from = step(size);
      return bytes.subarray(from, from + size);
    },
    view: (size) => new DataView(bytes.buffer, bytes.byteOffset + step(size), size),
    text(size) {
      const part = buffer.subarray(step(size), at);
      return isUtf8(part) ? part.toString('utf8') : undefined;
    },
  };
}

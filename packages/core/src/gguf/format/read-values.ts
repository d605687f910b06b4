import type { Cursor } from './cursor.ts';

/** A value of the metadata. Integers beyond what JavaScript counts exactly are `bigint`; lists of numbers lie packed. */
export type MetadataValue = number | bigint | boolean | string | readonly string[] | NumberList;
export type NumberList =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView) => number | bigint;
  readonly list: new (buffer: ArrayBuffer) => NumberList;
}

/** By the format's numbers of them. */
const NUMBERS: Readonly<Record<number, NumberType>> = {
  0: { bytes: 1, read: (view) => view.getUint8(0), list: Uint8Array },
  1: { bytes: 1, read: (view) => view.getInt8(0), list: Int8Array },
  2: { bytes: 2, read: (view) => view.getUint16(0, true), list: Uint16Array },
  3: { bytes: 2, read: (view) => view.getInt16(0, true), list: Int16Array },
  4: { bytes: 4, read: (view) => view.getUint32(0, true), list: Uint32Array },
  5: { bytes: 4, read: (view) => view.getInt32(0, true), list: Int32Array },
  6: { bytes: 4, read: (view) => view.getFloat32(0, true), list: Float32Array },
  10: { bytes: 8, read: (view) => exact(view.getBigUint64(0, true)), list: BigUint64Array },
  11: { bytes: 8, read: (view) => exact(view.getBigInt64(0, true)), list: BigInt64Array },
  12: { bytes: 8, read: (view) => view.getFloat64(0, true), list: Float64Array },
};
const [BOOL, STRING, ARRAY] = [7, 8, 9];

const exact = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/** What a length or a count may not be larger than, and how a file that is not as it must be is refused. */
export interface Bounds {
  /** Of the whole file, in bytes. */
  readonly size: number;
  refuse(problem: string): never;
}

/** A text with its length before it; a length beyond the file is refused before anything is read. */
export function readText(cursor: Cursor, { size, refuse }: Bounds, what: string): string {
  const length = cursor.count();
  if (length === undefined || length > size - cursor.at()) return refuse(`${what} is longer than the file`);
  return cursor.text(length) ?? refuse(`${what} is not UTF-8`);
}

/** The value of a key, with its type before it. */
export function readValue(cursor: Cursor, bounds: Bounds, key: string): MetadataValue {
  const type = cursor.u32();
  const what = `the value of ${JSON.stringify(key)}`;
  if (type !== ARRAY) return readScalar(cursor, bounds, { type, what });
  const inner = cursor.u32();
  const count = cursor.count();
  // The least that an item takes: a text its length.
  const least = inner === STRING ? 8 : (NUMBERS[inner]?.bytes ?? 1);
  if (inner === ARRAY) return bounds.refuse(`${what} is a list of lists`);
  if (count === undefined || count * least > bounds.size - cursor.at()) {
    return bounds.refuse(`${what} has more items than the file has room for`);
  }
  const numbers = NUMBERS[inner];
  if (numbers) return new numbers.list(Uint8Array.from(cursor.take(count * numbers.bytes)).buffer);
  if (inner === BOOL) return Uint8Array.from(cursor.take(count));
  if (inner !== STRING) return bounds.refuse(`${what} is a list of the unknown type ${inner}`);
  const texts: string[] = [];
  for (let i = 0; i < count; i++) texts.push(readText(cursor, bounds, `item ${i} of ${what}`));
  return texts;
}

function readScalar(cursor: Cursor, bounds: Bounds, { type, what }: { type: number; what: string }): MetadataValue {
  const number = NUMBERS[type];
  if (number) return number.read(cursor.view(number.bytes));
  if (type === STRING) return readText(cursor, bounds, what);
  if (type !== BOOL) return bounds.refuse(`${what} has the unknown type ${type}`);
  const byte = cursor.u8();
  return byte < 2 ? byte === 1 : bounds.refuse(`${what} is neither true nor false`);
}

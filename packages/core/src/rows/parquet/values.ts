import { type Cursor, type Next, readBytes, readRuns, readUint32 } from './bits.ts';
import { readDeltaBytes, readDeltaIntegers, readDeltaLengths } from './delta.ts';
import type { PhysicalType, SchemaNode } from './schema.ts';

/** A value as it lies in the file: an `INT64` is a bigint, an `INT96` its twelve bytes. */
export type Physical = boolean | number | bigint | Uint8Array;

const ENCODINGS = [
  'PLAIN',
  undefined,
  'PLAIN_DICTIONARY',
  'RLE',
  'BIT_PACKED',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'RLE_DICTIONARY',
  'BYTE_STREAM_SPLIT',
] as const;
type Encoding = Exclude<(typeof ENCODINGS)[number], undefined>;

/** @throws {Error} for one that the format does not have */
export function encodingOf(number: number | undefined): Encoding {
  const encoding = ENCODINGS[number ?? -1];
  if (encoding === undefined) throw new Error(`a page has the encoding ${number}`);
  return encoding;
}

/**
 * The values of a page that are not in a dictionary, one after the other; nothing is read before it is asked for.
 * @param most values that there may be
 * @throws {Error} for an encoding that the type does not have
 */
export function readValues(bytes: Uint8Array, encoding: Encoding, node: SchemaNode, most: number): Next<Physical> {
  const { type, width } = node;
  const isInteger = type === 'INT32' || type === 'INT64';
  if (encoding === 'PLAIN') return readPlain({ bytes, at: 0 }, node);
  if (encoding === 'RLE' && type === 'BOOLEAN') {
    // The bytes begin with how many there are.
    const cursor = { bytes, at: 0 };
    const next = readRuns(readBytes(cursor, readUint32(cursor)), 1);
    return () => next() === 1;
  }
  if (encoding === 'DELTA_BINARY_PACKED' && isInteger) {
    const next = readDeltaIntegers({ bytes, at: 0 }, type === 'INT32' ? 32 : 64);
    return type === 'INT32' ? () => Number(next()) : next;
  }
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY' && type === 'BYTE_ARRAY') return readDeltaLengths({ bytes, at: 0 }, most);
  if (encoding === 'DELTA_BYTE_ARRAY' && (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY'))
    return readDeltaBytes(bytes, most);
  if (encoding === 'BYTE_STREAM_SPLIT' && type !== undefined) return readSplit(bytes, widthOf(type, width), node);
  throw new Error(`a page has ${type} in the encoding ${encoding}`);
}

/** Bytes of a value; 0 where they are of any number. */
function widthOf(type: PhysicalType, width: number): number {
  const widths = { BOOLEAN: 0, INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8, BYTE_ARRAY: 0 };
  return type === 'FIXED_LEN_BYTE_ARRAY' ? width : widths[type];
}

/** As they are, behind each other; texts behind their lengths. */
export function readPlain(cursor: Cursor, { type, width }: SchemaNode): Next<Physical> {
  if (type === 'BYTE_ARRAY') return () => readBytes(cursor, readUint32(cursor));
  if (type === 'BOOLEAN') {
    let bit = 0;
    let byte = 0;
    return () => {
      if (bit % 8 === 0) byte = readBytes(cursor, 1)[0] as number;
      return ((byte >> (bit++ % 8)) & 1) === 1;
    };
  }
  const of = fixedReader(type as PhysicalType);
  const length = widthOf(type as PhysicalType, width);
  if (length === 0) throw new Error('values have no length');
  return () => of(readBytes(cursor, length));
}

/** The first bytes of all values, then their second ones, and so on. */
function readSplit(bytes: Uint8Array, width: number, { type }: SchemaNode): Next<Physical> {
  const of = fixedReader(type as PhysicalType);
  if (width === 0 || bytes.length % width !== 0)
    throw new Error(`a page has ${type} in the encoding BYTE_STREAM_SPLIT`);
  const count = bytes.length / width;
  let i = 0;
  return () => {
    if (i >= count) throw new Error('a page ends before its values');
    const value = Uint8Array.from({ length: width }, (_, at) => bytes[at * count + i] as number);
    i++;
    return of(value);
  };
}

/** A value of its bytes, which are as many as the type has. */
export function fixedReader(type: PhysicalType): (bytes: Uint8Array) => Physical {
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'INT32') return (bytes) => view(bytes).getInt32(0, true);
  if (type === 'INT64') return (bytes) => view(bytes).getBigInt64(0, true);
  if (type === 'FLOAT') return (bytes) => view(bytes).getFloat32(0, true);
  if (type === 'DOUBLE') return (bytes) => view(bytes).getFloat64(0, true);
  return (bytes) => bytes;
}

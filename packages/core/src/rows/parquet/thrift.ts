/**
 * Thrift's compact protocol, in which Parquet's table of contents and the headers of its pages are written. What is made
 * follows from the bytes that are there, never from a number that they claim. Source: thrift-compact-protocol.md of
 * Apache Thrift.
 */

export type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;
/** Values by the numbers of their fields. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** Parquet's own structures are six deep. */
const DEEPEST = 32;
const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];

/**
 * @returns the structure that begins at a place, and the place behind it
 * @throws {Error} for one that is cut short, claims more than there is, or lies too deep
 */
export function readStruct(bytes: Uint8Array, from = 0): { readonly struct: ThriftStruct; readonly end: number } {
  let at = from;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('a structure is cut short');
    return byte;
  };
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = next();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new Error('a number has no end');
  };
  /** Beyond 2⁵³ it is not exact: no number here means anything by then. */
  const integer = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const taken = (count: number): Uint8Array => {
    if (count > bytes.length - at) throw new Error(`a structure claims ${count} of ${bytes.length - at} bytes`);
    at += count;
    return bytes.subarray(at - count, at);
  };
  const list = (depth: number): ThriftValue[] => {
    const kind = next();
    const size = kind >> 4 === 15 ? varint() : kind >> 4;
    // An element takes a byte at least.
    if (size > bytes.length - at) throw new Error(`a list claims ${size} elements of ${bytes.length - at} bytes`);
    const type = kind & 15;
    const isBoolean = type === TRUE || type === FALSE;
    return Array.from({ length: size }, () => (isBoolean ? next() === TRUE : element(type, depth)));
  };
  const element = (type: number, depth: number): ThriftValue => {
    if (depth > DEEPEST) throw new Error('a structure is nested too deep');
    if (type === TRUE || type === FALSE) return type === TRUE;
    if (type === BYTE) return next();
    if (type === I16 || type === I32 || type === I64) return integer();
    if (type === DOUBLE) {
      const eight = taken(8);
      return new DataView(eight.buffer, eight.byteOffset).getFloat64(0, true);
    }
    if (type === BINARY) return taken(varint());
    if (type === LIST || type === SET) return list(depth + 1);
    if (type === STRUCT) return structure(depth + 1);
    throw new Error(`a structure has a value of the kind ${type}`);
  };
  const structure = (depth: number): ThriftStruct => {
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (let field = next(); (field & 15) !== 0; field = next()) {
      id = field >> 4 === 0 ? integer() : id + (field >> 4);
      fields.set(id, element(field & 15, depth));
    }
    return fields;
  };
  return { struct: structure(0), end: at };
}

/** @throws {Error} where the field holds something else; undefined where there is none */
export function numberAt(struct: ThriftStruct, field: number): number | undefined {
  const value = struct.get(field);
  if (value === undefined || typeof value === 'number') return value;
  throw new Error(`field ${field} is no number`);
}

export function bytesAt(struct: ThriftStruct, field: number): Uint8Array | undefined {
  const value = struct.get(field);
  if (value === undefined || value instanceof Uint8Array) return value;
  throw new Error(`field ${field} is no text`);
}

export function structAt(struct: ThriftStruct, field: number): ThriftStruct | undefined {
  const value = struct.get(field);
  if (value === undefined || value instanceof Map) return value;
  throw new Error(`field ${field} is no structure`);
}

export function structsAt(struct: ThriftStruct, field: number): readonly ThriftStruct[] {
  const value = struct.get(field) ?? [];
  if (Array.isArray(value) && value.every((one) => one instanceof Map)) return value;
  throw new Error(`field ${field} is no list of structures`);
}

/** A number of something: 0 or more, and exact. */
export function countOf(value: number | undefined, what: string): number {
  if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${what} is ${value ?? 'missing'}`);
}

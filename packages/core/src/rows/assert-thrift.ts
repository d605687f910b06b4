/**
 * Parquet's table of contents is Thrift, in its compact protocol. `hyparquet` makes a list of as many places as it claims to
 * have, and lists within it: some bytes are enough to end the process for want of memory. This walks over it and makes
 * nothing. Source: thrift-compact-protocol.md of Apache Thrift.
 */

/** Parquet's own structures are six deep. */
const DEEPEST = 32;
const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12];

/** @throws {Error} for a structure that claims more than there are bytes, or lies too deep */
export function assertThrift(bytes: Uint8Array): void {
  let at = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('its table of contents is cut short');
    return byte;
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = next();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  const claim = (count: number): number => {
    if (count > bytes.length - at)
      throw new Error(`its table of contents claims ${count} of ${bytes.length - at} bytes`);
    return count;
  };
  const list = (depth: number): void => {
    const kind = next();
    // An element takes a byte at least.
    const size = claim(kind >> 4 === 15 ? varint() : kind >> 4);
    const type = kind & 15;
    for (let i = 0; i < size; i++) element(type === TRUE || type === FALSE ? BYTE : type, depth);
  };
  const element = (type: number, depth: number): void => {
    if (depth > DEEPEST) throw new Error('its table of contents is nested too deep');
    if (type === BYTE) next();
    else if (type === I16 || type === I32 || type === I64) varint();
    else if (type === DOUBLE) at += claim(8);
    else if (type === BINARY) at += claim(varint());
    else if (type === LIST) list(depth + 1);
    else if (type === STRUCT) structure(depth + 1);
    else if (type !== TRUE && type !== FALSE) throw new Error(`its table of contents has a value of the kind ${type}`);
  };
  const structure = (depth: number): void => {
    for (let field = next(); (field & 15) !== 0; field = next()) {
      if (field >> 4 === 0) varint();
      element(field & 15, depth);
    }
  };
  structure(0);
}

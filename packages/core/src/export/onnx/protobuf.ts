/**
 * As much of the protocol buffers' wire format as an ONNX file needs: numbered fields that are integers, floats, or
 * bytes with their length in front. Source: https://protobuf.dev/programming-guides/encoding
 */
export type Bytes = Uint8Array<ArrayBuffer>;

/** An integer in groups of seven bits; negative ones as 64-bit two's complement. */
export function varint(value: number): number[] {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    groups.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...groups, Number(rest)];
}

const tag = (field: number, wireType: number) => varint(field * 8 + wireType);

export const integer = (field: number, value: number): Bytes => Uint8Array.from([...tag(field, 0), ...varint(value)]);

export function float(field: number, value: number): Bytes {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return Uint8Array.from([...tag(field, 5), ...bytes]);
}

export const text = (field: number, value: string): Bytes => message(field, [new TextEncoder().encode(value)]);

/** What stands in front of a field of so many bytes. */
export const lengthHeader = (field: number, length: number): Bytes =>
  Uint8Array.from([...tag(field, 2), ...varint(length)]);

/** A field whose value is a message: the fields within, one after the other. */
export function message(field: number, parts: readonly Uint8Array[]): Bytes {
  const body = concatenate(parts);
  return concatenate([lengthHeader(field, body.length), body]);
}

export function concatenate(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

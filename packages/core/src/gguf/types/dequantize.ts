import { bfloat16ToFloat32, float16ToFloat32, halfTable } from '../../checkpoint/safetensors/half-floats.ts';

/**
 * Whole blocks of a type as the values they stand for, in f32: what ggml-quants.c computes, to the bit. A scale has 11 bits,
 * a multiple of it 8 at most, so their product is exact in 64 bits and the one rounding is that of the result.
 */
export type Dequantize = (bytes: Uint8Array, values: Float32Array) => void;

/** Values that lie in the simple types' blocks. */
const BLOCK = 32;
const HALF = BLOCK / 2;

export const dequantizeF32: Dequantize = (bytes, values) => bytesOf(values).set(bytes);
export const dequantizeF16: Dequantize = (bytes, values) => void float16ToFloat32(wordsOf(bytes), values);
export const dequantizeBF16: Dequantize = (bytes, values) => void bfloat16ToFloat32(wordsOf(bytes), values);

/** A scale, and 32 signed bytes. */
export const dequantizeQ8_0: Dequantize = (bytes, values) => {
  const table = halfTable();
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0, at = 0; at < values.length; from += 2 + BLOCK, at += BLOCK) {
    const scale = half(table, bytes, from);
    for (let i = 0; i < BLOCK; i++) values[at + i] = scale * (signed[from + 2 + i] as number);
  }
};

/** A scale, and 16 bytes: the first half's values in their lower bits. They count from -8. */
export const dequantizeQ4_0: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 2 + HALF, at += BLOCK) {
    const scale = half(table, bytes, from);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[from + 2 + i] as number;
      values[at + i] = scale * ((pair & 15) - 8);
      values[at + HALF + i] = scale * ((pair >> 4) - 8);
    }
  }
};

/** A scale, the value of 0, and 16 bytes. */
export const dequantizeQ4_1: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 4 + HALF, at += BLOCK) {
    const scale = half(table, bytes, from);
    const least = half(table, bytes, from + 2);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[from + 4 + i] as number;
      values[at + i] = scale * (pair & 15) + least;
      values[at + HALF + i] = scale * (pair >> 4) + least;
    }
  }
};

/** A scale, a fifth bit of each value in 4 bytes, and 16 bytes. They count from -16. */
export const dequantizeQ5_0: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 6 + HALF, at += BLOCK) {
    const scale = half(table, bytes, from);
    const high = word(bytes, from + 2);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[from + 6 + i] as number;
      values[at + i] = scale * (((pair & 15) | (((high >>> i) & 1) << 4)) - 16);
      values[at + HALF + i] = scale * (((pair >> 4) | (((high >>> (HALF + i)) & 1) << 4)) - 16);
    }
  }
};

/** A scale, the value of 0, a fifth bit of each value, and 16 bytes. */
export const dequantizeQ5_1: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 8 + HALF, at += BLOCK) {
    const scale = half(table, bytes, from);
    const least = half(table, bytes, from + 2);
    const high = word(bytes, from + 4);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[from + 8 + i] as number;
      values[at + i] = scale * ((pair & 15) | (((high >>> i) & 1) << 4)) + least;
      values[at + HALF + i] = scale * ((pair >> 4) | (((high >>> (HALF + i)) & 1) << 4)) + least;
    }
  }
};

/** A half at a byte, as f32. */
export const half = (table: Float32Array, bytes: Uint8Array, at: number): number =>
  table[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);

/** The same bytes in pairs, which may not lie at an even place. */
const wordsOf = (bytes: Uint8Array): Uint16Array => {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
};

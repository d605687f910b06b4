import { float32ToFloat16 } from '../../checkpoint/safetensors/half-floats.ts';
import type { Encoding } from '../../export/encode-in-pieces.ts';
import { quantizeQ4K, quantizeQ6K } from './quantize-k.ts';

/** How llama.cpp stores a tensor: its number, and the bytes of so many values. */
interface Storage extends Encoding {
  readonly type: number;
}

/** Values of a block of the simple types. */
const BLOCK = 32;
const HALF = BLOCK / 2;

const asBytes = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

export const STORAGE = {
  f32: { type: 0, blockSize: 1, blockBytes: 4, encode: asBytes },
  f16: { type: 1, blockSize: 1, blockBytes: 2, encode: (values) => asBytes(float32ToFloat16(values)) },
  q8_0: { type: 8, blockSize: BLOCK, blockBytes: 2 + BLOCK, encode: quantizeQ8 },
  q4_1: { type: 3, blockSize: BLOCK, blockBytes: 4 + HALF, encode: quantizeQ4_1 },
  q5_0: { type: 6, blockSize: BLOCK, blockBytes: 6 + HALF, encode: quantizeQ5_0 },
  q4_k: { type: 12, blockSize: 256, blockBytes: 144, encode: quantizeQ4K },
  q6_k: { type: 14, blockSize: 256, blockBytes: 210, encode: quantizeQ6K },
} as const satisfies Record<string, Storage>;

export type TensorType = keyof typeof STORAGE;

/** Blocks of 32 values: a scale d in f16, the largest magnitude / 127, and the values as multiples of it in a byte each. */
export function quantizeQ8(values: Float32Array): Uint8Array {
  const blocks = values.length / BLOCK;
  const bytes = new Uint8Array(blocks * STORAGE.q8_0.blockBytes);
  const view = new DataView(bytes.buffer);
  const scales = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    let largest = 0;
    for (let i = 0; i < BLOCK; i++) largest = Math.max(largest, Math.abs(values[block * BLOCK + i] as number));
    scales[block] = largest / 127;
  }
  const halves = float32ToFloat16(scales);
  for (let block = 0; block < blocks; block++) {
    const start = block * STORAGE.q8_0.blockBytes;
    view.setUint16(start, halves[block] as number, true);
    const scale = scales[block] as number;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = 0; i < BLOCK; i++) {
      const multiple = (values[block * BLOCK + i] as number) * inverse;
      // Halves away from zero, as C's round() does.
      view.setInt8(start + 2 + i, Math.sign(multiple) * Math.round(Math.abs(multiple)));
    }
  }
  return bytes;
}

/** Blocks of 32 values: a scale, the least value, and how many scales above it each is, in half a byte. */
export function quantizeQ4_1(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * STORAGE.q4_1.blockBytes);
  const view = new DataView(bytes.buffer);
  for (let at = 0, to = 0; at < values.length; at += BLOCK, to += STORAGE.q4_1.blockBytes) {
    const block = values.subarray(at, at + BLOCK);
    const least = Math.min(...block);
    const scale = Math.fround((Math.max(...block) - least) / 15);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    const [d = 0, m = 0] = float32ToFloat16(Float32Array.of(scale, least));
    view.setUint16(to, d, true);
    view.setUint16(to + 2, m, true);
    const level = (value: number) => Math.min(15, Math.trunc(Math.fround(Math.fround(value - least) * inverse) + 0.5));
    for (let i = 0; i < HALF; i++) {
      bytes[to + 4 + i] = level(block[i] as number) | (level(block[HALF + i] as number) << 4);
    }
  }
  return bytes;
}

/** Blocks of 32 values: a scale, the largest magnitude / -16, and multiples of it from -16 to 15 in five bits. */
export function quantizeQ5_0(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * STORAGE.q5_0.blockBytes);
  const view = new DataView(bytes.buffer);
  for (let at = 0, to = 0; at < values.length; at += BLOCK, to += STORAGE.q5_0.blockBytes) {
    const block = values.subarray(at, at + BLOCK);
    const extreme = block.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const scale = Math.fround(extreme / -16);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    view.setUint16(to, float32ToFloat16(Float32Array.of(scale))[0] as number, true);
    const level = (value: number) => Math.min(31, Math.trunc(Math.fround(value * inverse) + 16.5));
    let high = 0;
    for (let i = 0; i < HALF; i++) {
      const [a, b] = [level(block[i] as number), level(block[HALF + i] as number)];
      bytes[to + 6 + i] = (a & 15) | ((b & 15) << 4);
      high |= ((a >> 4) << i) | ((b >> 4) << (HALF + i));
    }
    view.setUint32(to + 2, high >>> 0, true);
  }
  return bytes;
}

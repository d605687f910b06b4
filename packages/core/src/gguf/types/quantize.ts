import { float32ToFloat16 } from '../../checkpoint/safetensors/half-floats.ts';
import type { Encoding } from '../../export/encode-in-pieces.ts';

/** How llama.cpp stores a tensor: its number, and the bytes of so many values. */
interface Storage extends Encoding {
  readonly type: number;
}

const Q8_BLOCK = 32;

const asBytes = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

export const STORAGE = {
  f32: { type: 0, blockSize: 1, blockBytes: 4, encode: asBytes },
  f16: { type: 1, blockSize: 1, blockBytes: 2, encode: (values) => asBytes(float32ToFloat16(values)) },
  q8_0: { type: 8, blockSize: Q8_BLOCK, blockBytes: 2 + Q8_BLOCK, encode: quantizeQ8 },
} as const satisfies Record<string, Storage>;

export type GgufType = keyof typeof STORAGE;

/** Blocks of 32 values: a scale d in f16, the largest magnitude / 127, and the values as multiples of it in a byte each. */
export function quantizeQ8(values: Float32Array): Uint8Array {
  const blocks = values.length / Q8_BLOCK;
  const bytes = new Uint8Array(blocks * STORAGE.q8_0.blockBytes);
  const view = new DataView(bytes.buffer);
  const scales = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    let largest = 0;
    for (let i = 0; i < Q8_BLOCK; i++) largest = Math.max(largest, Math.abs(values[block * Q8_BLOCK + i] as number));
    scales[block] = largest / 127;
  }
  const halves = float32ToFloat16(scales);
  for (let block = 0; block < blocks; block++) {
    const start = block * STORAGE.q8_0.blockBytes;
    view.setUint16(start, halves[block] as number, true);
    const scale = scales[block] as number;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = 0; i < Q8_BLOCK; i++) {
      const multiple = (values[block * Q8_BLOCK + i] as number) * inverse;
      // Halves away from zero, as C's round() does.
      view.setInt8(start + 2 + i, Math.sign(multiple) * Math.round(Math.abs(multiple)));
    }
  }
  return bytes;
}

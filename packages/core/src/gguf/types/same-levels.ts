import { float16ToFloat32, float32ToFloat16 } from '../../checkpoint/safetensors/half-floats.ts';
import { BLOCK_BYTES } from '../../tensor/block-types.ts';

/**
 * Blocks of ggml's types as others that have all their levels: the same values, to the bit. Levels of 4 and 5 bits with a scale
 * alone are whole numbers from −16 to 15, which are levels of 8 bits too.
 */

const VALUES = 32;
const Q4_0 = BLOCK_BYTES.q4_0;
const Q4_1 = BLOCK_BYTES.q4_1;
const Q8_0 = BLOCK_BYTES.q8_0;
const Q5_0 = 22;

/** d · (q − 8) = d · q + m, with m = −8 · d. */
export function q4_0AsQ4_1(bytes: Uint8Array): Uint8Array {
  const count = bytes.length / Q4_0;
  const blocks = new Uint8Array(count * Q4_1);
  const [from, to] = [viewOf(bytes), viewOf(blocks)];
  const scales = Uint16Array.from({ length: count }, (_, i) => from.getUint16(i * Q4_0, true));
  const least = float32ToFloat16(float16ToFloat32(scales).map((scale) => -8 * scale));
  for (let i = 0; i < count; i++) {
    to.setUint16(i * Q4_1, scales[i] as number, true);
    to.setUint16(i * Q4_1 + 2, least[i] as number, true);
    blocks.set(bytes.subarray(i * Q4_0 + 2, (i + 1) * Q4_0), i * Q4_1 + 4);
  }
  return blocks;
}

export const q4_0AsQ8_0 = (bytes: Uint8Array): Uint8Array =>
  asQ8_0(bytes, Q4_0, (block, i) => nibble(bytes, block + 2, i) - 8);

/** The fifth bits lie before the others, in 32 of their own. */
export const q5_0AsQ8_0 = (bytes: Uint8Array): Uint8Array =>
  asQ8_0(bytes, Q5_0, (block, i) => {
    const fifth = ((bytes[block + 2 + (i >> 3)] as number) >> (i & 7)) & 1;
    return (nibble(bytes, block + 6, i) | (fifth << 4)) - 16;
  });

/** The scale stays; a level is looked up by the begin of its block and its number. */
function asQ8_0(bytes: Uint8Array, size: number, levelOf: (block: number, i: number) => number): Uint8Array {
  const count = bytes.length / size;
  const blocks = new Uint8Array(count * Q8_0);
  for (let number = 0; number < count; number++) {
    const [from, to] = [number * size, number * Q8_0];
    blocks.set(bytes.subarray(from, from + 2), to);
    for (let i = 0; i < VALUES; i++) blocks[to + 2 + i] = levelOf(from, i);
  }
  return blocks;
}

/** The first 16 values are the lower halves of 16 bytes. */
const nibble = (bytes: Uint8Array, at: number, i: number): number =>
  i < 16 ? (bytes[at + i] as number) & 15 : (bytes[at + i - 16] as number) >> 4;

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

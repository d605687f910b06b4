import { float32ToFloat16, halfTable } from '../../checkpoint/safetensors/half-floats.ts';
import { type Dequantize, half } from './dequantize.ts';

/**
 * The K types: 256 values in smaller blocks, whose scales are small integers times a scale of the whole. A scale of 17 or 19
 * bits times a value of 6 at most: again there is one rounding.
 */
const BLOCK = 256;
const PART = 32;

/** d, dmin, 12 bytes of scales, 128 bytes. Values of 64 share 32 bytes: the first half in their lower bits. */
export const dequantizeQ4K: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 144, at += BLOCK) {
    const [scale, least] = [half(table, bytes, from), half(table, bytes, from + 2)];
    for (let part = 0; part < 8; part++) {
      const packed = scaleAndLeast(bytes, from + 4, part);
      const [step, zero] = [scale * (packed & 63), least * (packed >> 6)];
      const [low, shift] = [from + 16 + PART * (part >> 1), 4 * (part & 1)];
      for (let i = 0; i < PART; i++) {
        values[at + PART * part + i] = step * (((bytes[low + i] as number) >> shift) & 15) - zero;
      }
    }
  }
};

/** The same levels in blocks of Q4_1: nothing changes but that each scale and each least value is rounded to a half. */
export function q4KAsQ4_1(bytes: Uint8Array): Uint8Array {
  const table = halfTable();
  const parts = (bytes.length / 144) * 8;
  const scales = new Float32Array(2 * parts);
  const blocks = new Uint8Array(parts * 20);
  for (let number = 0; number < parts; number++) {
    const [from, part] = [(number >> 3) * 144, number & 7];
    const packed = scaleAndLeast(bytes, from + 4, part);
    scales[2 * number] = half(table, bytes, from) * (packed & 63);
    scales[2 * number + 1] = -half(table, bytes, from + 2) * (packed >> 6);
    const [low, shift, to] = [from + 16 + PART * (part >> 1), 4 * (part & 1), 20 * number + 4];
    for (let i = 0; i < PART / 2; i++) {
      const level = (at: number) => ((bytes[low + at] as number) >> shift) & 15;
      blocks[to + i] = level(i) | (level(PART / 2 + i) << 4);
    }
  }
  const halves = new Uint8Array(float32ToFloat16(scales).buffer);
  for (let number = 0; number < parts; number++) blocks.set(halves.subarray(4 * number, 4 * number + 4), 20 * number);
  return blocks;
}

/** The same with a fifth bit: 32 bytes after the scales, one bit of each for each part. */
export const dequantizeQ5K: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 176, at += BLOCK) {
    const [scale, least] = [half(table, bytes, from), half(table, bytes, from + 2)];
    for (let part = 0; part < 8; part++) {
      const packed = scaleAndLeast(bytes, from + 4, part);
      const [step, zero] = [scale * (packed & 63), least * (packed >> 6)];
      const [high, low, shift] = [from + 16, from + 48 + PART * (part >> 1), 4 * (part & 1)];
      for (let i = 0; i < PART; i++) {
        const upper = (((bytes[high + i] as number) >> part) & 1) << 4;
        values[at + PART * part + i] = step * ((((bytes[low + i] as number) >> shift) & 15) | upper) - zero;
      }
    }
  }
};

/** 128 bytes of lower bits, 64 of upper ones, a signed byte for each 16 values, d. Values count from -32. */
export const dequantizeQ6K: Dequantize = (bytes, values) => {
  const table = halfTable();
  for (let from = 0, at = 0; at < values.length; from += 210, at += BLOCK) {
    const scale = half(table, bytes, from + 208);
    for (let part = 0; part < 8; part++) {
      const [side, quarter] = [part >> 2, part & 3];
      const low = from + 64 * side + PART * (quarter & 1);
      const high = from + 128 + PART * side;
      for (let i = 0; i < PART; i++) {
        const signed = ((bytes[from + 192 + 2 * part + (i >> 4)] as number) << 24) >> 24;
        const lower = ((bytes[low + i] as number) >> (4 * (quarter >> 1))) & 15;
        const upper = (((bytes[high + i] as number) >> (2 * quarter)) & 3) << 4;
        values[at + PART * part + i] = scale * signed * ((lower | upper) - 32);
      }
    }
  }
};

/** A part's scale, and six bits up its least value's: six bits each, the last four parts' upper ones with the first's. */
function scaleAndLeast(bytes: Uint8Array, at: number, part: number): number {
  const own = bytes[at + part] as number;
  if (part < 4) return (own & 63) | (((bytes[at + part + 4] as number) & 63) << 6);
  const both = bytes[at + part + 4] as number;
  const scale = (both & 15) | (((bytes[at + part - 4] as number) >> 6) << 4);
  return scale | (((both >> 4) | ((own >> 6) << 4)) << 6);
}

import { float32ToFloat16, halfTable } from '../../checkpoint/safetensors/half-floats.ts';
import { fitScale, fitScaleAndLeast, nearest } from './fit-scale.ts';

/** The K types, as ggml-quants.c's reference functions fill them: see `dequantize-k.ts` for where things lie. */
const BLOCK = 256;

/** A number as a half and as the f32 that this half is. */
function asHalf(value: number): { bits: number; value: number } {
  const [bits = 0] = float32ToFloat16(Float32Array.of(value));
  return { bits, value: halfTable()[bits] as number };
}

export function quantizeQ4K(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * 144);
  const view = new DataView(bytes.buffer);
  const levels = new Uint8Array(BLOCK);
  for (let at = 0, to = 0; at < values.length; at += BLOCK, to += 144) {
    const parts = Array.from({ length: 8 }, (_, part) => {
      const from = at + 32 * part;
      return fitScaleAndLeast(values.subarray(from, from + 32), levels.subarray(32 * part, 32 * part + 32));
    });
    const most = (of: 'scale' | 'depth') => parts.reduce((largest, part) => Math.max(largest, part[of]), 0);
    const [largestScale, largestDepth] = [most('scale'), most('depth')];
    const [d, least] = [asHalf(largestScale / 63), asHalf(largestDepth / 63)];
    view.setUint16(to, d.bits, true);
    view.setUint16(to + 2, least.bits, true);
    for (const [part, { scale, depth }] of parts.entries()) {
      const steps = largestScale > 0 ? Math.min(63, nearest((63 / largestScale) * scale)) : 0;
      const depths = largestDepth > 0 ? Math.min(63, nearest((63 / largestDepth) * depth)) : 0;
      packScales(bytes.subarray(to + 4, to + 16), { part, steps, depths });
      const step = Math.fround(d.value * steps);
      if (step === 0) continue;
      const offset = Math.fround(least.value * depths);
      for (let i = 32 * part; i < 32 * part + 32; i++) {
        levels[i] = Math.max(0, Math.min(15, nearest(((values[at + i] as number) + offset) / step)));
      }
    }
    for (let part = 0; part < 8; part += 2) {
      for (let i = 0; i < 32; i++) {
        const [low, high] = [levels[32 * part + i] as number, levels[32 * part + 32 + i] as number];
        bytes[to + 16 + 16 * part + i] = low | (high << 4);
      }
    }
  }
  return bytes;
}

/** Six bits each: of the last four parts the upper two of either lie above those of the first four. */
function packScales(
  scales: Uint8Array,
  { part, steps, depths }: { part: number; steps: number; depths: number },
): void {
  const add = (at: number, bits: number) => {
    scales[at] = (scales[at] as number) | bits;
  };
  if (part < 4) {
    add(part, steps);
    add(part + 4, depths);
  } else {
    add(part + 4, (steps & 15) | ((depths & 15) << 4));
    add(part - 4, (steps >> 4) << 6);
    add(part, (depths >> 4) << 6);
  }
}

export function quantizeQ6K(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array((values.length / BLOCK) * 210);
  const view = new DataView(bytes.buffer);
  const levels = new Int8Array(BLOCK);
  for (let at = 0, to = 0; at < values.length; at += BLOCK, to += 210) {
    levels.fill(0);
    const scales = Array.from({ length: 16 }, (_, part) => {
      const from = at + 16 * part;
      return fitScale(values.subarray(from, from + 16), levels.subarray(16 * part, 16 * part + 16));
    });
    const largest = scales.reduce((best, scale) => (Math.abs(scale) > Math.abs(best) ? scale : best), 0);
    if (Math.abs(largest) < 1e-15) continue;
    const inverse = Math.fround(-128 / largest);
    const d = asHalf(1 / inverse);
    view.setUint16(to + 208, d.bits, true);
    for (const [part, scale] of scales.entries()) {
      const steps = Math.min(127, nearest(inverse * scale));
      view.setInt8(to + 192 + part, steps);
      const step = Math.fround(d.value * steps);
      if (step === 0) continue;
      for (let i = 16 * part; i < 16 * part + 16; i++) {
        levels[i] = Math.max(-32, Math.min(31, nearest((values[at + i] as number) / step))) + 32;
      }
    }
    packLevels(levels, bytes.subarray(to, to + 192));
  }
  return bytes;
}

/** Four bits of each in the first 128 bytes, the upper two in the 64 after them. */
function packLevels(levels: Int8Array, bytes: Uint8Array): void {
  for (let side = 0; side < 2; side++) {
    for (let i = 0; i < 32; i++) {
      const [a, b, c, d] = [0, 1, 2, 3].map((quarter) => levels[128 * side + 32 * quarter + i] as number) as [
        number,
        number,
        number,
        number,
      ];
      bytes[64 * side + i] = (a & 15) | ((c & 15) << 4);
      bytes[64 * side + 32 + i] = (b & 15) | ((d & 15) << 4);
      bytes[128 + 32 * side + i] = (a >> 4) | ((b >> 4) << 2) | ((c >> 4) << 4) | ((d >> 4) << 6);
    }
  }
}

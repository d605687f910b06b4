/**
 * 16-bit floats to f32 and back. Widening is exact, every value included (signed zeros, subnormals, infinities, NaN).
 */

/** bfloat16 is the upper half of an f32. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] as number) << 16;
  return new Float32Array(wide.buffer);
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const table = halfTable();
  return Float32Array.from(bits, (half) => table[half] as number);
}

let cachedTable: Float32Array | undefined;

/** All 65,536 values, made on first use: a look-up is several times faster than taking each number apart. */
function halfTable(): Float32Array {
  cachedTable ??= Float32Array.from({ length: 65_536 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return cachedTable;
}

/** Rounded to the nearest bfloat16, ties to even; NaN stays NaN. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (wide) => {
    if ((wide & 0x7fffffff) > 0x7f800000) return (wide >>> 16) | 0x40;
    return (wide + 0x7fff + ((wide >>> 16) & 1)) >>> 16;
  });
}

/** Rounded to the nearest binary16, ties to even; beyond 65,504 it is an infinity, NaN stays NaN. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, toHalf);
}

function toHalf(wide: number): number {
  const sign = (wide >>> 16) & 0x8000;
  const magnitude = wide & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65,520 lies halfway between the largest half and the next power of two, and is rounded up.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Normal halves: drop 13 bits of the fraction; a carry runs over into the exponent, as it should.
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  const exponent = magnitude >>> 23;
  if (exponent < 102) return sign;
  // Subnormal halves are multiples of 2⁻²⁴.
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const dropped = 126 - exponent;
  const kept = fraction >>> dropped;
  const rest = fraction & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  return sign | (kept + (rest > half || (rest === half && kept & 1) ? 1 : 0));
}

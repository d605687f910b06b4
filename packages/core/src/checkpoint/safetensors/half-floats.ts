/**
 * 16-bit floats to f32 and back, into a new array or one that is given. Widening is exact, every value included (signed zeros, subnormals, infinities, NaN).
 */

/** bfloat16 is the upper half of an f32. */
export function bfloat16ToFloat32(
  bits: Uint16Array,
  values: Float32Array = new Float32Array(bits.length),
): Float32Array {
  // As bits, since a NaN that passes through a number may change its payload.
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] as number) << 16;
  return values;
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
export function float16ToFloat32(
  bits: Uint16Array,
  values: Float32Array = new Float32Array(bits.length),
): Float32Array {
  const table = halfTable();
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i] as number] as number;
  return values;
}

let cachedTable: Float32Array | undefined;

/** All 65,536 values by their bits, made on first use: a look-up is several times faster than taking each number apart. */
export function halfTable(): Float32Array {
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
export function float32ToBfloat16(
  values: Float32Array,
  bits: Uint16Array = new Uint16Array(values.length),
): Uint16Array {
  const wides = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const wide = wides[i] as number;
    const notANumber = (wide & 0x7fffffff) > 0x7f800000;
    bits[i] = notANumber ? (wide >>> 16) | 0x40 : (wide + 0x7fff + ((wide >>> 16) & 1)) >>> 16;
  }
  return bits;
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

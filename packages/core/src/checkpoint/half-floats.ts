/** Widening 16-bit floats to f32: exact, every value included (signed zeros, subnormals, infinities, NaN). */

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

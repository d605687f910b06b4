/**
 * Scales that make the weighted squared error of a few values small: the largest value decides where to begin, and some
 * scales around it are tried. Source: make_qkx2_quants and make_qx_quants of ggml-quants.c. Sums are of 64 bits here.
 */

/** To the nearest whole number, halves to the even one, as the rounding of floats does. */
export function nearest(value: number): number {
  const whole = Math.floor(value);
  const rest = value - whole;
  if (rest !== 0.5) return rest < 0.5 ? whole : whole + 1;
  return whole % 2 === 0 ? whole : whole + 1;
}

/** `value ≈ scale · level − depth`, with levels from 0 to 15, into `levels`. */
export function fitScaleAndLeast(values: Float32Array, levels: Uint8Array): { scale: number; depth: number } {
  const size = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const weights = Float64Array.from(values, (value) => size + Math.abs(value));
  const [least, largest] = [Math.min(0, ...values), Math.max(...values)];
  if (largest === least) {
    levels.fill(0);
    return { scale: 0, depth: -least };
  }
  const levelsFrom = (offset: number, levelCount: number) => {
    const inverse = levelCount / (largest - offset);
    return Uint8Array.from(values, (value) => Math.max(0, Math.min(15, nearest(inverse * (value - offset)))));
  };
  const errorOf = (scale: number, offset: number, of: Uint8Array) =>
    values.reduce(
      (sum, value, i) => sum + (weights[i] as number) * (scale * (of[i] as number) + offset - value) ** 2,
      0,
    );
  const first = levelsFrom(least, 15);
  const begun = (largest - least) / 15;
  let best = { scale: begun, offset: least, levels: first, error: errorOf(begun, least, first) };
  for (let step = 0; step <= 20; step++) {
    // From the best offset so far.
    const tried = levelsFrom(best.offset, 14 + 0.1 * step);
    const line = lineThrough(values, weights, tried);
    if (!line) continue;
    const error = errorOf(line.scale, line.offset, tried);
    if (error < best.error) best = { ...line, levels: tried, error };
  }
  levels.set(best.levels);
  return { scale: best.scale, depth: -best.offset };
}

/** The weighted line through (level, value), whose offset is not above 0. */
function lineThrough(values: Float32Array, weights: Float64Array, levels: Uint8Array) {
  let [all, x, l, ll, xl] = [0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const [value, weight, level] = [values[i] as number, weights[i] as number, levels[i] as number];
    all += weight;
    x += weight * value;
    l += weight * level;
    ll += weight * level * level;
    xl += weight * level * value;
  }
  const determinant = all * ll - l * l;
  if (determinant <= 0) return undefined;
  const offset = (ll * x - l * xl) / determinant;
  return offset > 0 ? { scale: xl / ll, offset: 0 } : { scale: (all * xl - x * l) / determinant, offset };
}

/** `value ≈ scale · level`, with levels from -32 to 31, which lie in `levels` counted from 0. */
export function fitScale(values: Float32Array, levels: Int8Array): number {
  const extreme = values.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  if (Math.abs(extreme) < 1e-15) {
    levels.fill(0);
    return 0;
  }
  let best = { scale: 0, gain: 0 };
  const tried = new Int8Array(values.length);
  // The middle one first: others have to be better.
  for (const step of [
    0,
    ...Array.from({ length: 9 }, (_, i) => i - 9),
    ...Array.from({ length: 9 }, (_, i) => i + 1),
  ]) {
    const inverse = -(32 + 0.1 * step) / extreme;
    let [xl, ll] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const level = Math.max(-32, Math.min(31, nearest(inverse * value)));
      tried[i] = level + 32;
      xl += value * value * value * level;
      ll += value * value * level * level;
    }
    if (ll === 0 || (step !== 0 && xl * xl <= best.gain * ll)) continue;
    best = { scale: xl / ll, gain: (xl * xl) / ll };
    levels.set(tried);
  }
  return best.scale;
}

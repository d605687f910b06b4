import { expect } from 'vitest';

/** A gradient in a few numbers, as test/reference/measurements.py writes it. */
export interface GradientSummary {
  readonly norm: number;
  readonly projection: number;
  readonly indices: number[];
  readonly values: number[];
}

export const floatsOf = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

export function largestError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] as number))), 0);
}

/** Each to a thousandth of its norm: the norm itself, a projection that sees every swap, and sampled values. */
export function expectGradients(
  actual: ReadonlyMap<string, Float32Array>,
  expected: Readonly<Record<string, GradientSummary>>,
): void {
  expect([...actual.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { norm, projection, indices, values }] of Object.entries(expected)) {
    const gradient = actual.get(name) as Float32Array;
    const projected = gradient.reduce((sum, value, i) => sum + value * Math.cos(i), 0);
    // What is always zero, a bias of the keys: they add the same to all scores of a query.
    const near = Math.max(1e-3 * norm, 1e-7);
    expect(Math.abs(Math.hypot(...gradient) - norm), name).toBeLessThan(near);
    expect(Math.abs(projected - projection), name).toBeLessThan(near);
    for (const [i, index] of indices.entries()) {
      const error = Math.abs((gradient[index] as number) - (values[i] as number));
      expect(error, `${name}[${index}]`).toBeLessThan(near);
    }
  }
}

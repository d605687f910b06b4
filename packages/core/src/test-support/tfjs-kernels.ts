import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { expect } from 'vitest';
import { openAddonDoor } from '../engine/native/addon-door.ts';
import { createNativeBackend, type NativeBackend } from '../engine/native/backend.ts';
import type { Door } from '../engine/native/door.ts';
import { findEnginePackage } from '../engine/native/find-package.ts';
import { registerOperations } from '../engine/native/operations/index.ts';
import { openWasmFiles } from '../engine/native/wasm-files.ts';

/** For tests: kernels of the engine's doors beside tfjs's own in JavaScript. */

export type Dtype = 'float32' | 'int32' | 'bool';

export interface Values {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly values: ArrayLike<number>;
}

type Given = Readonly<Record<string, Values>> | readonly Values[];

/** Which of the two engines of ours are built and can be opened here; each bears the name of a backend of tfjs. */
export const ownEngines: readonly string[] = (['addon', 'wasm'] as const).flatMap((kind) => {
  const found = findEnginePackage(kind);
  if ('reason' in found) return [];
  const door: Door = kind === 'wasm' ? openWasmFiles(found.files) : openAddonDoor(found.files[0] as string);
  door.setThreads(2);
  const backend = createNativeBackend(door);
  tf.registerBackend(kind, () => backend, 0);
  registerOperations(kind);
  return [kind];
});

export const backendOf = (engine: string): NativeBackend => tf.findBackend(engine) as unknown as NativeBackend;

/** Calls a kernel on a backend, and leaves nothing behind there. */
export function callKernelOf(backendName: string, name: string, given: Given, attrs: object = {}): Values[] {
  const backend = tf.findBackend(backendName) as unknown as NativeBackend;
  const lent: tf.TensorInfo[] = [];
  const lend = ({ shape, dtype, values }: Values): tf.TensorInfo => {
    const typed = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
    const info = { dataId: backend.write(typed.from(values), [...shape], dtype), shape: [...shape], dtype };
    lent.push(info);
    return info;
  };
  const inputs = Array.isArray(given)
    ? given.map(lend)
    : Object.fromEntries(Object.entries(given).map(([key, value]) => [key, lend(value)]));
  const kernel = tf.getKernel(name, backendName);
  const results: tf.TensorInfo[] = [];
  try {
    const call = { inputs, attrs, backend } as unknown as Parameters<tf.KernelFunc>[0];
    results.push(...[kernel.kernelFunc(call)].flat());
    return results.map((info) => ({
      shape: info.shape,
      dtype: info.dtype as Dtype,
      values: Array.from(backend.readSync(info.dataId) as Float32Array),
    }));
  } finally {
    for (const { dataId } of [...results, ...lent]) backend.disposeData(dataId);
  }
}

export interface Tolerance {
  /** Units in the last place of the expected value. */
  readonly ulps?: number;
  readonly absolute?: number;
}

/** The same results as tfjs's own kernel: shapes, types and values. 0 and −0 are taken as the same. */
export function expectLikeCpu(
  engine: string,
  name: string,
  given: Given,
  attrs: object = {},
  tolerance: Tolerance = {},
): void {
  expectSame(callKernelOf(engine, name, given, attrs), callKernelOf('cpu', name, given, attrs), tolerance);
}

export function expectSame(
  results: readonly Values[],
  expected: readonly Values[],
  { ulps = 0, absolute = 0 }: Tolerance = {},
): void {
  expect(results.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  for (const [i, { values, dtype }] of results.entries()) {
    // tfjs's casts to f32 leave integers as they are.
    const wanted = Array.from((expected[i] as Values).values, dtype === 'float32' ? Math.fround : Number);
    expect(values.length).toBe(wanted.length);
    for (let k = 0; k < wanted.length; k++) {
      const [got, want] = [values[k] as number, wanted[k] as number];
      if (got === want || (Number.isNaN(got) && Number.isNaN(want))) continue;
      const allowed = Math.max(absolute, ulps * unitOf(want));
      if (!(Math.abs(got - want) <= allowed)) expect.fail(`[${k}] is ${got}, not ${want}`);
    }
  }
}

/** The distance of a number from the next f32. */
export const unitOf = (x: number): number => 2 ** Math.max(Math.floor(Math.log2(Math.abs(x) || 1e-45)) - 23, -149);

const SPECIAL = [0, -0, 1, -1, 0.5, Number.NaN, Infinity, -Infinity, 1e-40, -3e38, 3e38, 88.9, -104, 2.5, -2.5];

/** Values that come of a seed, some of them special where `specials` is set. */
export function valuesOf(seed: number, count: number, dtype: Dtype, specials = true): number[] {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const [choice, at] = [next(), next()];
    if (dtype === 'bool') return at < 0.5 ? 0 : 1;
    if (dtype === 'int32') return choice < 0.1 ? Math.floor((at - 0.5) * 2 ** 32) : Math.floor((at - 0.5) * 40);
    if (specials && choice < 0.1) return Math.fround(SPECIAL[Math.floor(at * SPECIAL.length)] as number);
    return Math.fround((at - 0.5) * (choice < 0.5 ? 8 : 200));
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const dtypes = fc.constantFrom<Dtype[]>('float32', 'int32', 'bool');
export const numbers = fc.constantFrom<Dtype[]>('float32', 'int32');
export const seeds = fc.integer({ min: 1, max: 2 ** 30 });

/** Ranks 0 to 5; sizes 0, 1, primes, and about what a vector or a block holds. */
export const shapes: fc.Arbitrary<number[]> = fc
  .array(fc.constantFrom(1, 2, 3, 5, 7, 13, 16, 17, 31, 67, 0), { maxLength: 5 })
  .map((shape) => (sizeOf(shape) <= 6000 ? shape : shape.slice(0, 2)))
  .chain((shape) => fc.constantFrom(shape, shape, shape, [1025], [3, 1100], [2, 2050]));

export const tensorOf = (shape: readonly number[], dtype: Dtype, seed: number, specials = true): Values => ({
  shape,
  dtype,
  values: valuesOf(seed, sizeOf(shape), dtype, specials),
});

/** Two shapes that are broadcast over a common one. */
export const broadcastShapes: fc.Arbitrary<[number[], number[]]> = fc.tuple(shapes, seeds).map(([shape, bits]) => {
  const side = (shift: number) => {
    const dims = shape.map((dim, i) => (((bits >> (shift + i)) & 3) === 0 ? 1 : dim));
    return ((bits >> (shift + 8)) & 3) === 0 ? dims.slice((bits >> (shift + 9)) & 3) : dims;
  };
  return [side(0), side(12)];
});

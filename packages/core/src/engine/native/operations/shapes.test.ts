import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callKernelOf,
  type Dtype,
  dtypes,
  expectLikeCpu,
  expectSame,
  numbers,
  ownEngines,
  seeds,
  shapes,
  sizeOf,
  tensorOf,
  valuesOf,
} from '../../../test-support/tfjs-kernels.ts';

const small = fc
  .array(fc.constantFrom<number[]>(1, 2, 3, 5, 7, 17, 33), { minLength: 1, maxLength: 4 })
  .filter((shape) => sizeOf(shape) < 20_000);
const modulo = (bits: number, count: number) => (count > 0 ? Math.abs(bits) % count : 0);
const indices = (shape: number[], size: number, seed: number) => ({
  shape,
  dtype: 'int32' as Dtype,
  values: valuesOf(seed, sizeOf(shape), 'int32').map((value) => modulo(value, size)),
});

describe.each(ownEngines)('values on the move (%s)', (engine) => {
  const like = (name: string, given: Parameters<typeof expectLikeCpu>[2], attrs: object) =>
    expectLikeCpu(engine, name, given, attrs);

  it('slices', () => {
    const property = fc.property(
      shapes.filter(({ length }) => length > 0),
      dtypes,
      seeds,
      (shape, dtype, seed) => {
        const begin = shape.map((size, i) => modulo(seed >> i, size));
        const size = shape.map((dim, i) => modulo(seed >> (i + 3), dim - (begin[i] as number) + 1));
        like('Slice', { x: tensorOf(shape, dtype, seed) }, { begin, size });
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  it('slices with strides, forwards and backwards', () => {
    const property = fc.property(small, dtypes, seeds, (shape, dtype, seed) => {
      const strides = shape.map((_, i) => [1, 2, 3, -1, -2][modulo(seed >> i, 5)] as number);
      const begin = shape.map((size, i) => ((strides[i] as number) > 0 ? modulo(seed >> i, size) : size - 1));
      const end = shape.map((size, i) => ((strides[i] as number) > 0 ? size : -size - 1));
      const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
      like('StridedSlice', { x: tensorOf(shape, dtype, seed) }, { begin, end, strides, ...masks });
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('transposes, also large ones', () => {
    const large = fc.constantFrom([70, 130], [3, 40, 50], [40, 2, 33, 5], [2, 3, 4, 5, 6, 7]);
    const property = fc.property(fc.oneof(shapes, large), dtypes, seeds, (shape, dtype, seed) => {
      const perm = shape.map((_, axis) => axis);
      for (let i = perm.length - 1; i > 0; i--) {
        const k = modulo(seed >> i, i + 1);
        [perm[i], perm[k]] = [perm[k] as number, perm[i] as number];
      }
      like('Transpose', { x: tensorOf(shape, dtype, seed) }, { perm });
    });
    fc.assert(property, { numRuns: 80 });
  });

  it('reverses, tiles and pads', () => {
    const property = fc.property(small, dtypes, seeds, (shape, dtype, seed) => {
      const x = tensorOf(shape, dtype, seed);
      like('Reverse', { x }, { dims: shape.flatMap((_, axis) => ((seed >> axis) & 1 ? [axis] : [])) });
      const paddings = shape.map((_, axis) => [modulo(seed >> axis, 3), modulo(seed >> (axis + 2), 4)]);
      like('PadV2', { x }, { paddings, constantValue: seed & 1 });
      like('Tile', { x }, { reps: shape.map((_, axis) => 1 + modulo(seed >> axis, 2)) });
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('joins, stacks, and takes apart again', () => {
    const property = fc.property(small, dtypes, seeds, fc.integer({ min: 1, max: 4 }), (shape, dtype, seed, count) => {
      const axis = modulo(seed, shape.length);
      const sizes = Array.from({ length: count }, (_, i) => modulo(seed >> i, 3));
      const parts = sizes.map((size, i) => tensorOf(shape.with(axis, size), dtype, seed + i));
      like('Concat', parts, { axis });
      like(
        'Pack',
        sizes.map((_, i) => tensorOf(shape, dtype, seed + i)),
        { axis: modulo(seed, shape.length + 1) },
      );
      const x = tensorOf(shape, dtype, seed);
      like('Unpack', { value: x }, { axis });
      const first = modulo(seed >> 4, (shape[axis] as number) + 1);
      like('SplitV', { x }, { numOrSizeSplits: [first, (shape[axis] as number) - first], axis });
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('gathers slices', () => {
    const property = fc.property(small, small, dtypes, seeds, (shape, wanted, dtype, seed) => {
      const axis = modulo(seed, shape.length);
      const numbers = indices(wanted.slice(0, 2), shape[axis] as number, seed);
      like('GatherV2', { x: tensorOf(shape, dtype, seed), indices: numbers }, { axis, batchDims: 0 });
      const deep = Math.min(2, shape.length);
      const places = indices([4, deep], Math.min(...shape), seed);
      like('GatherNd', { params: tensorOf(shape, dtype, seed), indices: places }, {});
    });
    fc.assert(property, { numRuns: 40 });
    const x = tensorOf([2, 3, 5, 4], 'float32', 7);
    like('GatherV2', { x, indices: indices([2, 6], 5, 3) }, { axis: 2, batchDims: 1 });
  });

  it('scatters slices, and adds where they meet', () => {
    const property = fc.property(small, numbers, seeds, (shape, dtype, seed) => {
      const places = indices([6, 1], shape[0] as number, seed);
      const updates = tensorOf([6, ...shape.slice(1)], dtype, seed, false);
      const order = { absolute: 1e-4 };
      expectLikeCpu(engine, 'ScatterNd', { indices: places, updates }, { shape }, order);
      if (dtype === 'int32') return;
      const segmentIds = {
        shape: [6],
        dtype: 'int32',
        values: Array.from(places.values, (value) => value - 1),
      } as const;
      expectLikeCpu(engine, 'UnsortedSegmentSum', { x: updates, segmentIds }, { numSegments: 3 }, order);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('makes tensors of a few numbers', () => {
    const property = fc.property(shapes, dtypes, seeds, (shape, dtype, seed) => {
      like('Fill', {}, { shape, value: seed & 1, dtype });
      like('ZerosLike', { x: tensorOf(shape, dtype, seed) }, {});
      like('OnesLike', { x: tensorOf(shape, dtype, seed) }, {});
      const numbers = indices(shape.slice(0, 2), 6, seed);
      const [hot] = callKernelOf(engine, 'OneHot', { indices: numbers }, { depth: 5, onValue: 1, offValue: 0, dtype });
      const [cpu] = callKernelOf('cpu', 'OneHot', { indices: numbers }, { depth: 5, onValue: 1, offValue: 0, dtype });
      expect(hot).toEqual(cpu);
    });
    fc.assert(property, { numRuns: 20 });
    expectLikeCpu(engine, 'Range', {}, { start: 3, stop: 40, step: 4, dtype: 'int32' });
    expectLikeCpu(engine, 'Range', {}, { start: 5, stop: 0, step: -0.5, dtype: 'float32' });
    expectLikeCpu(engine, 'LinSpace', {}, { start: -1, stop: 2, num: 7 }, { ulps: 1 });
  });

  it('shares what keeps its values: reshaped, expanded, as a whole, transposed over sizes of 1', () => {
    const backend = tf.findBackend(engine) as unknown as { numDataIds(): number };
    const before = backend.numDataIds();
    const x = tensorOf([4, 1, 3], 'float32', 5);
    for (const [name, inputs, attrs] of [
      ['Identity', { x }, {}],
      ['Reshape', { x }, { shape: [2, -1] }],
      ['ExpandDims', { input: x }, { dim: 1 }],
      ['Slice', { x }, { begin: [0, 0, 0], size: [4, 1, 3] }],
      ['Transpose', { x }, { perm: [1, 0, 2] }],
    ] as const) {
      expectSame(callKernelOf(engine, name, inputs, attrs), callKernelOf('cpu', name, inputs, attrs));
    }
    expect(backend.numDataIds()).toBe(before);
  });

  it('computes in JavaScript what the engine has not', () => {
    const x = tensorOf([4, 6], 'float32', 3, false);
    like('TopK', { x }, { k: 2, sorted: true });
    like('Softplus', { x }, {});
    like('_FusedMatMul', { a: x, b: x }, { transposeA: true, transposeB: false, activation: 'relu' });
    like('Atan2', { a: x, b: tensorOf([4, 6], 'float32', 4, false) }, {});
  });
});

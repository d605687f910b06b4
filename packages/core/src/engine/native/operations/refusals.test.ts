import { describe, expect, it } from 'vitest';
import { callKernelOf, ownEngines, tensorOf } from '../../../test-support/tfjs-kernels.ts';

const index = { shape: [1], dtype: 'int32', values: [0] } as const;
const flags = { transposeA: false, transposeB: false };

describe.each(ownEngines)('what operations refuse (%s)', (engine) => {
  it.each([
    ['Add', { a: tensorOf([2, 3], 'float32', 1), b: tensorOf([4], 'float32', 1) }, {}, 'do not fit each other'],
    ['LogicalAnd', { a: tensorOf([2], 'int32', 1), b: tensorOf([2], 'bool', 1) }, {}, 'not of type bool'],
    ['Slice', { x: tensorOf([3], 'float32', 1) }, { begin: [2], size: [2] }, 'reaches beyond the tensor'],
    ['Transpose', { x: tensorOf([2, 3], 'float32', 1) }, { perm: [0, 0] }, 'does not name every dimension once'],
    ['GatherV2', { x: tensorOf([3], 'float32', 1), indices: index }, { axis: 1 }, 'no such axis'],
    ['Tile', { x: tensorOf([3], 'float32', 1) }, { reps: [1e15] }, 'larger than any memory'],
    ['Fill', {}, { shape: [-1], value: 0, dtype: 'int32' }, 'whole numbers'],
    [
      'BatchMatMul',
      { a: tensorOf([2, 3], 'float32', 1), b: tensorOf([2, 3], 'float32', 1) },
      flags,
      'inner dimensions differ',
    ],
    ['Concat', [tensorOf([2], 'float32', 1), tensorOf([2], 'int32', 1)], { axis: 0 }, 'different types'],
  ] as const)('%s refuses what it cannot do with a sentence', (name, given, attrs, sentence) => {
    expect(() => callKernelOf(engine, name, given, attrs)).toThrow(sentence);
  });

  it.each([-1, 3, 2 ** 31 - 1, -(2 ** 31)])('refuses the index %i, which lies outside', (value) => {
    const wrong = { shape: [1], dtype: 'int32', values: [value] } as const;
    const x = tensorOf([3], 'float32', 1);
    const updates = tensorOf([1], 'float32', 1);
    expect(() => callKernelOf(engine, 'GatherV2', { x, indices: wrong }, { axis: 0 })).toThrow('outside');
    expect(() => callKernelOf(engine, 'GatherNd', { params: x, indices: wrong })).toThrow('outside');
    expect(() => callKernelOf(engine, 'ScatterNd', { indices: wrong, updates }, { shape: [3] })).toThrow('outside');
  });
});

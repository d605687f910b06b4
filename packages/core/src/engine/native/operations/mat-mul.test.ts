import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { callKernelOf, expectSame, numbers, ownEngines, seeds, tensorOf } from '../../../test-support/tfjs-kernels.ts';

describe.each(ownEngines)('products (%s)', (engine) => {
  it('multiplies matrices, in batches that are broadcast', () => {
    const batches = fc.constantFrom(
      [[], []],
      [[3], [3]],
      [[3], []],
      [[], [2]],
      [[2, 3], [3]],
      [
        [2, 1],
        [1, 3],
      ],
      [[0], [0]],
    );
    const side = fc.constantFrom(1, 2, 5, 17, 40);
    const given = fc.tuple(
      batches,
      side,
      side,
      fc.constantFrom(0, 1, 3, 33),
      fc.boolean(),
      fc.boolean(),
      numbers,
      seeds,
    );
    const property = fc.property(
      given,
      ([[left = [], right = []], rows, columns, inner, transposeA, transposeB, dtype, seed]) => {
        const a = tensorOf([...left, ...(transposeA ? [inner, rows] : [rows, inner])], dtype, seed, false);
        const b = tensorOf([...right, ...(transposeB ? [columns, inner] : [inner, columns])], dtype, seed + 1, false);
        const tame = (x: typeof a) => ({ ...x, values: Array.from(x.values, (value) => value % 8) });
        const tolerance = { absolute: dtype === 'int32' ? 0 : 1e-3 };
        expectMatMul(engine, tame(a), tame(b), { transposeA, transposeB }, tolerance);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });
});

type Matrix = ReturnType<typeof tensorOf>;

/** tfjs's own kernel takes batches of different ranks for others. */
function expectMatMul(engine: string, a: Matrix, b: Matrix, attrs: object, tolerance: object): void {
  const common = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const spread = (x: Matrix) => {
    const rank = common.length + 2;
    const whole = [...Array.from({ length: rank - x.shape.length }, () => 1), ...x.shape];
    const reps = whole.map((size, i) => (i < common.length && size === 1 ? (common[i] as number) : 1));
    return callKernelOf('cpu', 'Tile', { x: { ...x, shape: whole } }, { reps })[0] as Matrix;
  };
  const expected = callKernelOf('cpu', 'BatchMatMul', { a: spread(a), b: spread(b) }, attrs);
  expectSame(callKernelOf(engine, 'BatchMatMul', { a, b }, attrs), expected, tolerance);
}

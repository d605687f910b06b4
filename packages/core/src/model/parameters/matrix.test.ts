import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { precisionOf, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { currentEngine } from '../../tensor/engine.ts';
import { enginesToTest } from '../../test-support/engines.ts';
import { matrixOf } from './matrix.ts';

// Whole numbers below 256: exact in either precision.
const rows = [
  [1, 2, 3],
  [4, 5, 6],
];
const values = (tensor: tf.Tensor) => toFloat32(tensor).arraySync();

describe.each(await enginesToTest())('a dense matrix on %s', (engine) => {
  it.for(['f32', 'bf16'] as const)('multiplies and is read by rows in %s', async (precision, ctx) => {
    await openEngine(engine);
    if (precision === 'bf16' && !currentEngine().fusedKernels) return ctx.skip();
    const matrix = matrixOf(toPrecision(tf.tensor2d(rows), precision));
    const x = toPrecision(tf.tensor2d([[1, 10]]), precision);
    const dy = toPrecision(tf.tensor2d([[1, 0, 2]]), precision);
    expect(matrix.shape).toEqual([2, 3]);
    expect(values(matrix.times(x))).toEqual([[41, 52, 63]]);
    expect(values(matrix.timesTransposed(dy))).toEqual([[7, 16]]);
    expect(precisionOf(matrix.times(x))).toBe(precision);
    expect(matrix.gatherRows(tf.tensor1d([1, 0, 1], 'int32')).arraySync()).toEqual([rows[1], rows[0], rows[1]]);
    expect(matrix.slice([0, 1], [2, 2]).arraySync()).toEqual([
      [2, 3],
      [5, 6],
    ]);
  });

  it('is asked in one precision and stored in another', async (ctx) => {
    await openEngine(engine);
    if (!currentEngine().fusedKernels) return ctx.skip();
    const x = toPrecision(tf.tensor2d([[1, 10]]), 'bf16');
    const matrix = matrixOf(tf.tensor2d(rows));
    for (const product of [matrix.times(x), matrix.inPrecision('bf16').times(x)]) {
      expect(precisionOf(product)).toBe('bf16');
      expect(values(product)).toEqual([[41, 52, 63]]);
    }
  });
});

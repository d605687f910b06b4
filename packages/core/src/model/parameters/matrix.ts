import * as tf from '@tensorflow/tfjs-core';
import { likeType, type Precision, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { product } from '../../tensor/product.ts';
import { blockTypeOf, dequantizeRows } from '../../tensor/quantized.ts';

/**
 * A weight W `[rows, columns]` as the layers use it: multiplied, or read by rows, and never as a tensor, so that how it
 * is stored is its own concern. One function makes each kind: `denseMatrix` in f32 or bf16, `quantizedMatrix` in blocks.
 * To be used in a tidy: nothing frees what a matrix computes on the way.
 */
export interface Matrix {
  readonly shape: readonly [rows: number, columns: number];
  /** `x · W`: `[n, rows] → [n, columns]`, in x's precision. */
  times(x: tf.Tensor): tf.Tensor;
  /** `x · Wᵀ`: `[n, columns] → [n, rows]`, in x's precision. */
  timesTransposed(x: tf.Tensor): tf.Tensor;
  /** Rows by their numbers `[n]`, in f32: `[n, columns]`. */
  gatherRows(numbers: tf.Tensor1D): tf.Tensor;
  /** A piece of it, in f32, of `size` from the element `begin` on. */
  slice(begin: [row: number, column: number], size: [rows: number, columns: number]): tf.Tensor;
  /** The same matrix, made ready for several products with what is in this precision. Good until the tidy ends. */
  inPrecision(precision: Precision): Matrix;
}

/** The kind that a tensor is. The tensor stays the caller's. */
export const matrixOf = (tensor: tf.Tensor): Matrix =>
  blockTypeOf(tensor) ? quantizedMatrix(tensor) : denseMatrix(tensor);

/** A matrix that lies in one tensor, in f32 or bf16. */
function denseMatrix(tensor: tf.Tensor): Matrix {
  return {
    shape: tensor.shape as [number, number],
    times: (x) => product(x, likeType(tensor, x)),
    timesTransposed: (x) => product(x, likeType(tensor, x), { transposeB: true }),
    gatherRows: (numbers) => toFloat32(tf.gather(tensor, numbers)),
    slice: (begin, size) => toFloat32(tf.slice(tensor, begin, size)),
    inPrecision: (precision) => denseMatrix(toPrecision(tensor, precision)),
  };
}

/** A matrix in blocks. Products widen them panel by panel, whatever x's precision is: there is never a second copy. */
function quantizedMatrix(tensor: tf.Tensor): Matrix {
  const matrix: Matrix = {
    shape: tensor.shape as [number, number],
    times: (x) => product(x, tensor),
    timesTransposed: (x) => product(x, tensor, { transposeB: true }),
    gatherRows: (numbers) => dequantizeRows(tensor, numbers),
    slice: ([row, column], [rows, columns]) =>
      dequantizeRows(tensor, tf.range(row, row + rows, 1, 'int32'), [column, columns]),
    inPrecision: () => matrix,
  };
  return matrix;
}

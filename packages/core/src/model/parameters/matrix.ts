import type * as tf from '@tensorflow/tfjs-core';
import { likeType, type Precision, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { gatherRows } from '../../tensor/gather-rows.ts';
import { product } from '../../tensor/product.ts';
import { sliceMatrix } from '../../tensor/slice.ts';

/**
 * A weight W `[rows, columns]` as the layers use it: multiplied, or read by rows, and never as a tensor, so that how it
 * is stored is its own concern. One function makes each kind; `denseMatrix` is the kind that is stored as it is.
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

/** A matrix that lies in one tensor, in f32 or bf16. The tensor stays the caller's. */
export function denseMatrix(tensor: tf.Tensor): Matrix {
  return {
    shape: tensor.shape as [number, number],
    times: (x) => product(x, likeType(tensor, x)),
    timesTransposed: (x) => product(x, likeType(tensor, x), { transposeB: true }),
    gatherRows: (numbers) => toFloat32(gatherRows(tensor, numbers)),
    slice: (begin, size) => toFloat32(sliceMatrix(tensor, begin, size)),
    inPrecision: (precision) => denseMatrix(toPrecision(tensor, precision)),
  };
}

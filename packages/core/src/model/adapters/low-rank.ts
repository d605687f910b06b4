import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../../tensor/engine.ts';
import { callKernel } from '../../tensor/kernels.ts';
import { product } from '../../tensor/product.ts';

/**
 * Matrices of adapters under the parts of a joined layer: part p has its own columns of the layer and its own ranks.
 * Not transposed (B), a matrix is `[columns_p, ranks_p]`; transposed (A), `[ranks_p, columns_p]`. A part without an
 * adapter has a matrix of no ranks.
 */
export interface LowRankMatrices {
  readonly matrices: readonly tf.Tensor[];
  readonly scales: readonly number[];
  readonly transposed: boolean;
}

/** The three products of low-rank adapters; each has a fused and a plain way. Inputs are of one precision. */
export interface LowRankProducts {
  /** `scale_p · x[:, columns_p] · B_p`: `[tokens, columns] → [tokens, ranks]` */
  down(x: tf.Tensor, by: LowRankMatrices): tf.Tensor;
  /** `base + scale_p · down[:, ranks_p] · B_pᵀ`; the base is used up, the result may lie in its place. */
  up(base: tf.Tensor, down: tf.Tensor, by: LowRankMatrices): tf.Tensor;
  /** `scale_p · x[:, columns_p]ᵀ · down[:, ranks_p]`, in f32, each shaped like its matrix. */
  gradients(x: tf.Tensor, down: tf.Tensor, by: LowRankMatrices): tf.Tensor[];
}

export const lowRank = (): LowRankProducts => (currentEngine().fusedKernels ? fusedLowRank : plainLowRank);

/** One operation each (`native/kernels/low-rank.cc`), without slices, concatenations and additions of their own. */
export const fusedLowRank: LowRankProducts = {
  down: (x, by) => callLowRank('CwLowRankDown', [x], by, 1)[0] as tf.Tensor,
  up: (base, down, by) => {
    callLowRank('CwLowRankUp', [base, down], by, 0);
    return base;
  },
  gradients: (x, down, by) => callLowRank('CwLowRankGrad', [x, down], by, by.matrices.length),
};

function callLowRank(
  name: string,
  inputs: readonly tf.Tensor[],
  { matrices, scales, transposed }: LowRankMatrices,
  outputs: number,
): tf.Tensor[] {
  const factors = tf.tensor1d([...scales]);
  const int = { parts: matrices.length, transposed: transposed ? 1 : 0 };
  const results = callKernel<tf.Tensor[]>(name, [...inputs, factors, ...matrices], outputs, { int });
  factors.dispose();
  return results;
}

/** The plain twin, in f32. */
export const plainLowRank: LowRankProducts = {
  down: (x, by) =>
    joinColumns(
      placesOf(by).flatMap(({ matrix, scale, columns, column, ranks }) => {
        if (ranks === 0) return [];
        const own = tf.slice(x, [0, column], [-1, columns]);
        return [tf.mul(product(own, matrix, { transposeB: by.transposed }), scale)];
      }),
    ),
  up: (base, down, by) => {
    const outputs = placesOf(by).map(({ matrix, scale, columns, ranks, rank }) => {
      if (ranks === 0) return tf.zeros([base.shape[0] as number, columns]);
      const own = tf.slice(down, [0, rank], [-1, ranks]);
      return tf.mul(product(own, matrix, { transposeB: !by.transposed }), scale);
    });
    return tf.add(base, joinColumns(outputs));
  },
  gradients: (x, down, by) =>
    placesOf(by).map(({ matrix, scale, columns, column, ranks, rank }) => {
      if (ranks === 0) return tf.zeros(matrix.shape);
      const wide = tf.slice(x, [0, column], [-1, columns]);
      const narrow = tf.slice(down, [0, rank], [-1, ranks]);
      const [left, right] = by.transposed ? [narrow, wide] : [wide, narrow];
      return tf.mul(product(left, right, { transposeA: true }), scale);
    }),
};

/** Where each part lies among the columns and the ranks. */
function placesOf({ matrices, scales, transposed }: LowRankMatrices) {
  let column = 0;
  let rank = 0;
  return matrices.map((matrix, i) => {
    const [first, second] = matrix.shape as [number, number];
    const [columns, ranks] = transposed ? [second, first] : [first, second];
    const place = { matrix, scale: scales[i] as number, columns, column, ranks, rank };
    column += columns;
    rank += ranks;
    return place;
  });
}

const joinColumns = (columns: tf.Tensor[]): tf.Tensor =>
  columns.length === 1 ? (columns[0] as tf.Tensor) : tf.concat(columns, 1);

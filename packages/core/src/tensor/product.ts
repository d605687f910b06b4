import * as tf from '@tensorflow/tfjs-core';

export interface Transposed {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of the last two dimensions, `[…, n, k] · […, k, m] → […, n, m]`, with either side transposed first.
 * Two matrices in bfloat16 give one in bfloat16, with sums in f32.
 */
export const product = <T extends tf.Tensor>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: Transposed = {},
): T => tf.matMul(a, b, transposeA, transposeB);

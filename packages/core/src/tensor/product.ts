import * as tf from '@tensorflow/tfjs-core';
import { isBfloat16, toFloat32, toPrecision } from './bfloat16.ts';
import { currentEngine } from './engine.ts';
import { callKernel } from './kernels.ts';

export interface Transposed {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of the last two dimensions, `[…, n, k] · […, k, m] → […, n, m]`, with either side transposed first.
 * Two matrices in bfloat16 give one in bfloat16, with sums in f32.
 */
export function product<T extends tf.Tensor>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: Transposed = {},
): T {
  if (isBfloat16(a)) {
    if (!currentEngine().bfloat16Products) return throughFloat32(a, b, { transposeA, transposeB });
    const bool = { transpose_a: transposeA, transpose_b: transposeB };
    return callKernel<[tf.Tensor]>('MatMul', [a, b], 1, { bool })[0] as T;
  }
  return tf.matMul(a, b, transposeA, transposeB);
}

/** The same result: a product of two bfloat16 fits into f32, and the sums are f32 either way. */
const throughFloat32 = <T extends tf.Tensor>(a: T, b: T, transposed: Transposed): T =>
  tf.tidy(() => toPrecision(product(toFloat32(a), toFloat32(b), transposed), 'bf16') as T);

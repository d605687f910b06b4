import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from './engine.ts';

export interface Transposed {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of the last two dimensions, `[…, n, k] · […, k, m] → […, n, m]`, with either side transposed first.
 *
 * The WebAssembly backend multiplies transposed operands in a naive loop, ten times slower than its fast path:
 * transposing first costs next to nothing beside that. TensorFlow takes the flags as they are.
 */
export function product<T extends tf.Tensor>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: Transposed = {},
): T {
  if (currentEngine().fastTransposedProducts) return tf.matMul(a, b, transposeA, transposeB);
  return tf.tidy(() => tf.matMul(transposeA ? transposeLast(a) : a, transposeB ? transposeLast(b) : b));
}

function transposeLast<T extends tf.Tensor>(x: T): T {
  const axes = x.shape.map((_, axis) => axis);
  axes.push(...axes.splice(-2, 1));
  return tf.transpose(x, axes);
}

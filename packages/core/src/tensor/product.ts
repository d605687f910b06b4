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
 *
 * The WebAssembly backend multiplies transposed operands in a naive loop, ten times slower than its fast path:
 * transposing first costs next to nothing beside that. TensorFlow takes the flags as they are.
 */
export function product<T extends tf.Tensor>(
  a: T,
  b: T,
  { transposeA = false, transposeB = false }: Transposed = {},
): T {
  const { bfloat16Products, fastTransposedProducts } = currentEngine();
  if (isBfloat16(a)) {
    if (!bfloat16Products) return throughFloat32(a, b, { transposeA, transposeB });
    const bool = { transpose_a: transposeA, transpose_b: transposeB };
    return callKernel<[tf.Tensor]>('MatMul', [a, b], 1, { bool })[0] as T;
  }
  if (fastTransposedProducts) return tf.matMul(a, b, transposeA, transposeB);
  return tf.tidy(() => tf.matMul(transposeA ? transposeLast(a) : a, transposeB ? transposeLast(b) : b));
}

/** The same result: a product of two bfloat16 fits into f32, and the sums are f32 either way. */
const throughFloat32 = <T extends tf.Tensor>(a: T, b: T, transposed: Transposed): T =>
  tf.tidy(() => toPrecision(product(toFloat32(a), toFloat32(b), transposed), 'bf16') as T);

function transposeLast<T extends tf.Tensor>(x: T): T {
  const axes = x.shape.map((_, axis) => axis);
  axes.push(...axes.splice(-2, 1));
  return tf.transpose(x, axes);
}

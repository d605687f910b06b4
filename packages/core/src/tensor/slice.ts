import * as tf from '@tensorflow/tfjs-core';
import { needsBfloat16Kernel } from './bfloat16.ts';
import { callKernel } from './kernels.ts';

/** A piece of a matrix, in the matrix's own precision. */
export function sliceMatrix(matrix: tf.Tensor, begin: [number, number], size: [number, number]): tf.Tensor {
  if (!needsBfloat16Kernel(matrix)) return tf.slice(matrix, begin, size);
  return tf.tidy(() => {
    const [from, shape] = [tf.tensor1d(begin, 'int32'), tf.tensor1d(size, 'int32')];
    return callKernel<[tf.Tensor]>('Slice', [matrix, from, shape], 1)[0];
  });
}

import * as tf from '@tensorflow/tfjs-core';
import { needsBfloat16Kernel } from './bfloat16.ts';
import { callKernel } from './kernels.ts';

/** Rows of a matrix `[rows, columns]` by their numbers, in the matrix's own precision. */
export function gatherRows(matrix: tf.Tensor, numbers: tf.Tensor1D): tf.Tensor {
  if (!needsBfloat16Kernel(matrix)) return tf.gather(matrix, numbers);
  const axis = tf.scalar(0, 'int32');
  const [rows] = callKernel<[tf.Tensor]>('GatherV2', [matrix, numbers, axis], 1, { int: { batch_dims: 0 } });
  axis.dispose();
  return rows;
}

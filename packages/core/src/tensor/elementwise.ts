import * as tf from '@tensorflow/tfjs-core';
import { needsBfloat16Kernel } from './bfloat16.ts';
import { callKernel } from './kernels.ts';

/** Element by element, of one precision and shape. */
export const multiply = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  needsBfloat16Kernel(a) ? callKernel<[tf.Tensor]>('Mul', [a, b], 1)[0] : tf.mul(a, b);

export const add = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  needsBfloat16Kernel(a) ? callKernel<[tf.Tensor]>('AddV2', [a, b], 1)[0] : tf.add(a, b);

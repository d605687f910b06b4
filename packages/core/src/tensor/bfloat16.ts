import * as tf from '@tensorflow/tfjs-core';
import { callKernel, type NamedKernels } from './kernels.ts';

/**
 * Tensors in bfloat16, the upper half of a float: half the memory, and on some processors twice the speed in matrix
 * products. tfjs knows no such type, so to tfjs they are `float32`; the backend knows better. They may be kept, cloned
 * and disposed like all tensors. Only our own engine (`currentEngine().fusedKernels`) has them.
 */

/** TensorFlow's numbers of the types. */
export const DataType = { float32: 1, bfloat16: 14 } as const;

/** In what a model keeps its frozen weights and its activations. Whatever is trained is always f32. */
export type Precision = 'f32' | 'bf16';

export function isBfloat16(tensor: tf.Tensor): boolean {
  return (tf.backend() as unknown as Partial<NamedKernels>).isBfloat16?.(tensor.dataId) ?? false;
}

export const precisionOf = (tensor: tf.Tensor): Precision => (isBfloat16(tensor) ? 'bf16' : 'f32');

/** The tensor in another precision, or itself when it is in it already. Rounds to the nearest, ties to even. */
export function toPrecision(tensor: tf.Tensor, precision: Precision): tf.Tensor {
  const from = precisionOf(tensor);
  if (from === precision) return tensor;
  const type = { SrcT: typeOf(from), DstT: typeOf(precision) };
  return callKernel<[tf.Tensor]>('Cast', [tensor], 1, { type, bool: { Truncate: false } })[0];
}

export const toFloat32 = (tensor: tf.Tensor): tf.Tensor => toPrecision(tensor, 'f32');

/** The tensor in the precision of another one. */
export const likeType = (tensor: tf.Tensor, model: tf.Tensor): tf.Tensor => toPrecision(tensor, precisionOf(model));

const typeOf = (precision: Precision): number => DataType[precision === 'bf16' ? 'bfloat16' : 'float32'];

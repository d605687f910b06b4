import * as tf from '@tensorflow/tfjs-core';
import type { SharedMemory } from './kernels.ts';

/**
 * Values of a vector from `offset` on, as a tensor of this shape. On our own engine it lies in the vector's memory, which
 * lasts as long as either of them: what is written into one is there in the other. Elsewhere it is a copy.
 */
export function viewOf(vector: tf.Tensor1D, offset: number, shape: readonly number[]): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const { share } = tf.backend() as unknown as Partial<SharedMemory>;
  if (!share) return tf.tidy(() => tf.reshape(tf.slice(vector, offset, size), [...shape]));
  const dataId = share(vector.dataId, offset, size);
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: 'float32' });
}

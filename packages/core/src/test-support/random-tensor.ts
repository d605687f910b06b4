import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../random.ts';

/** Seeded values in ±1, so that products are of the order of one. */
export function randomTensor(shape: number[], seed: number, scale = 1): tf.Tensor {
  const random = createRandom(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * scale),
    shape,
  );
}

import * as tf from '@tensorflow/tfjs-core';
import { type Layer, layerResult } from './layer.ts';
import type { Parameters } from './parameters.ts';

/**
 * Root mean square normalisation of the last dimension, `y = w · x / √(mean(x²) + ε)`, over `[tokens, hidden]`.
 * Source: Zhang & Sennrich 2019, arXiv 1910.07467.
 */
export function rmsNorm(parameters: Parameters, name: string, epsilon: number): Layer {
  return (x) =>
    layerResult((keep) => {
      const weight = parameters.get(name);
      const input = keep(x);
      const inverse = keep(tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)));
      return {
        output: tf.mul(tf.mul(x, inverse), weight),
        // With n = x · inverse: dx = inverse · (dn − n · mean(dn · n)), dw = Σ dy · n
        pullback: (dy) => {
          const normed = tf.mul(input, inverse);
          parameters.accumulate(name, () => tf.sum(tf.mul(dy, normed), 0));
          const dNormed = tf.mul(dy, weight);
          const along = tf.mean(tf.mul(dNormed, normed), -1, true);
          return tf.mul(inverse, tf.sub(dNormed, tf.mul(normed, along)));
        },
      };
    });
}

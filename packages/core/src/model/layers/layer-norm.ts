import * as tf from '@tensorflow/tfjs-core';
import { toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import type { NormParameters } from '../parameters/parameters.ts';
import { type Layer, layerResult } from './layer.ts';

/**
 * Normalisation of the last dimension, `y = w · (x − mean(x)) / √(var(x) + ε) + b`, over `[tokens, hidden]`: from the
 * stream in f32 to activations in the model's precision. The parameters are `name.weight` and `name.bias`.
 * Source: Ba, Kiros & Hinton 2016, arXiv 1607.06450.
 */
export function layerNorm(parameters: NormParameters, name: string, epsilon: number): Layer {
  const [weightName, biasName] = [`${name}.weight`, `${name}.bias`];
  return (x) =>
    layerResult((keep) => {
      const weight = keep(parameters.get(weightName));
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const inverse = keep(tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon)));
      const normed = keep(tf.mul(centred, inverse));
      const y = tf.add(tf.mul(normed, weight), parameters.get(biasName));
      return {
        output: toPrecision(y, parameters.precision),
        // With n = (x − mean) · inverse: dx = inverse · (dn − mean(dn) − n · mean(dn · n)), dw = Σ dy · n, db = Σ dy
        pullback: (gradient) => {
          const dy = toFloat32(gradient);
          parameters.accumulate(weightName, () => tf.sum(tf.mul(dy, normed), 0));
          parameters.accumulate(biasName, () => tf.sum(dy, 0));
          const dNormed = tf.mul(dy, weight);
          const along = tf.mul(normed, tf.mean(tf.mul(dNormed, normed), -1, true));
          return tf.mul(inverse, tf.sub(tf.sub(dNormed, tf.mean(dNormed, -1, true)), along));
        },
      };
    });
}

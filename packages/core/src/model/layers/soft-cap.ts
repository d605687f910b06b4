import * as tf from '@tensorflow/tfjs-core';
import { toFloat32 } from '../../tensor/bfloat16.ts';

/**
 * `cap · tanh(x / cap)` in f32, and the way back from its gradient. To be called in a tidy that ends after it.
 * Source: Gemma Team 2024, arXiv 2408.00118.
 */
export function softCapped(x: tf.Tensor, cap: number) {
  const tanh = tf.tanh(tf.div(toFloat32(x), cap));
  return {
    output: tf.mul(tanh, cap),
    pullback: (gradient: tf.Tensor): tf.Tensor => tf.mul(gradient, tf.sub(1, tf.square(tanh))),
  };
}

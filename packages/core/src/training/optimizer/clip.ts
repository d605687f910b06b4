import * as tf from '@tensorflow/tfjs-core';

/**
 * Scales a gradient down to a global norm, like torch.nn.utils.clip_grad_norm_, without waiting for the norm's value.
 * @returns the scaled gradient and the norm before (a scalar); the caller disposes both.
 */
export function clipByGlobalNorm(gradient: tf.Tensor1D, maxNorm: number): { clipped: tf.Tensor1D; norm: tf.Scalar } {
  return tf.tidy(() => {
    const norm = tf.sqrt(tf.sum(tf.square(gradient))) as tf.Scalar;
    const factor = tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)));
    return { clipped: tf.mul(gradient, factor) as tf.Tensor1D, norm };
  });
}

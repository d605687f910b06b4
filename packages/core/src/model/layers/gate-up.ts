import * as tf from '@tensorflow/tfjs-core';

/** Gate and up of a joined `[tokens, gate | up]`. */
export function splitGateUp(joined: tf.Tensor): [gate: tf.Tensor, up: tf.Tensor] {
  const [gate, up] = tf.split(joined, 2, -1);
  return [gate as tf.Tensor, up as tf.Tensor];
}

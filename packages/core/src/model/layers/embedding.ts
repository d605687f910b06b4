import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../parameters/parameters.ts';

/** Rows of the table `[vocabulary, hidden]` for `ids [tokens]`, in f32, and the way back into the table. */
export function embedding(parameters: Parameters, name: string, ids: tf.Tensor1D) {
  const table = parameters.matrix(name);
  return {
    output: tf.tidy(() => table.gatherRows(ids)),
    /** Adds the gradient of every token to its row; ids that occur more than once add up. */
    pullback: (gradient: tf.Tensor): void => {
      parameters.accumulate(name, () => tf.scatterND(tf.reshape(ids, [-1, 1]), gradient, [...table.shape]));
    },
  };
}

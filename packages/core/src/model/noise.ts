import type * as tf from '@tensorflow/tfjs-core';

/**
 * What training adds by chance to one pass through the model, and inference never does. Each is a pure function of its
 * place, so that a block that is computed a second time, or a step of a resumed run, meets the same.
 */
export interface Noise {
  /** Of what adapters read. */
  readonly adapterDropout?: Dropout | undefined;
  /** What is added to the embeddings, f32 `[tokens, hidden]`. */
  readonly embeddings?: ((hiddenSize: number) => tf.Tensor) | undefined;
}

export interface Dropout {
  /** The share of the values that is left out, below 1. */
  readonly rate: number;
  /** f32: 0 where a value is left out, 1 where it stays. @param layer the name of the layer that reads the values */
  mask(layer: string, shape: readonly [number, number]): tf.Tensor;
}

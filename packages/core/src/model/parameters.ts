import type * as tf from '@tensorflow/tfjs-core';

/** What the layers see of the weights: by name, and a place for gradients. */
export interface Parameters {
  /** @throws {Error} when there is no such parameter: layers ask for what the model's own table lists. */
  get(name: string): tf.Tensor;
  /** Adds to a parameter's gradient. For a frozen one, `gradient` is never called: nothing is computed in vain. */
  accumulate(name: string, gradient: () => tf.Tensor): void;
}

/** A parameter's place in the model. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay applies: to matrices, not to norms, biases and embeddings. */
  readonly decay: boolean;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

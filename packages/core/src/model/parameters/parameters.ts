import * as tf from '@tensorflow/tfjs-core';
import type { Precision } from '../../tensor/bfloat16.ts';
import type { Matrix } from './matrix.ts';

/** What the layers see of the weights: by name, and a place for gradients. */
export interface Parameters {
  /** Of frozen weights and of activations. What is trained, and the stream between the blocks, is f32 in either. */
  readonly precision: Precision;
  /**
   * A norm's weight, a bias, an adapter's matrix, as a tensor.
   * @throws {Error} when there is no such parameter: layers ask for what the model's own table lists.
   */
  get(name: string): tf.Tensor;
  /** The weight of a linear layer or a table of embeddings, as something that multiplies. @throws {Error} like `get` */
  matrix(name: string): Matrix;
  /** Adds to a parameter's gradient. For a frozen one, `gradient` is never called: nothing is computed in vain. */
  accumulate(name: string, gradient: () => tf.Tensor): void;
  /**
   * What `make` computes of the parameters `from`, kept until one of them changes. No gradient goes through it.
   * The tensor stays the parameters' own.
   */
  derive(name: string, from: readonly string[], make: () => tf.Tensor): tf.Tensor;
}

/** As much of them as a norm uses, which multiplies no matrix. */
export type NormParameters = Pick<Parameters, 'precision' | 'get' | 'accumulate'>;

/** A parameter's place in the model. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay applies: to matrices, not to norms, biases and embeddings. */
  readonly decay: boolean;
  /** Its learning rate, as a multiple of the run's: 1 by default. */
  readonly learningRateScale?: number;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The tensors of the parameters one after the other, in one vector; zeros for a parameter that has none. */
export function flattened(specs: readonly ParameterSpec[], tensors: ReadonlyMap<string, tf.Tensor>): tf.Tensor1D {
  if (specs.length === 0) return tf.tensor1d([]);
  return tf.tidy(() =>
    tf.concat(
      specs.map(({ name, shape }) => {
        const tensor = tensors.get(name);
        return (tensor ? tf.reshape(tensor, [-1]) : tf.zeros([sizeOf(shape)])) as tf.Tensor1D;
      }),
    ),
  );
}

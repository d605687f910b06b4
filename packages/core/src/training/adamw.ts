import * as tf from '@tensorflow/tfjs-core';

/** Loshchilov & Hutter 2019, arXiv 1711.05101; the same update as torch.optim.AdamW. */
export const ADAMW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** First and second moment of the gradient, each as long as the flat vector of trainable parameters. */
export interface AdamState {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

export const freshAdamState = (size: number): AdamState => ({
  mean: tf.keep(tf.zeros([size])),
  variance: tf.keep(tf.zeros([size])),
});

export interface AdamWOptions {
  /** Number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Elements at the vector's beginning that decay applies to. */
  readonly decayedSize: number;
}

/** One update of a flat vector; all arguments stay the caller's, all results are new. */
export function adamW(
  parameters: tf.Tensor1D,
  gradient: tf.Tensor1D,
  { mean, variance }: AdamState,
  { step, learningRate, weightDecay, decayedSize }: AdamWOptions,
): { parameters: tf.Tensor1D } & AdamState {
  const { beta1, beta2, epsilon } = ADAMW;
  return tf.tidy(() => {
    const nextMean = tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1));
    const nextVariance = tf.add(tf.mul(variance, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const scale = tf.add(tf.mul(tf.sqrt(nextVariance), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
    const update = tf.div(tf.mul(nextMean, learningRate / (1 - beta1 ** step)), scale);
    const decayed = decay(parameters, 1 - learningRate * weightDecay, decayedSize);
    return {
      parameters: tf.sub(decayed, update) as tf.Tensor1D,
      mean: nextMean as tf.Tensor1D,
      variance: nextVariance as tf.Tensor1D,
    };
  });
}

function decay(parameters: tf.Tensor1D, factor: number, decayedSize: number): tf.Tensor1D {
  const rest = parameters.size - decayedSize;
  if (factor === 1 || decayedSize === 0) return parameters;
  if (rest === 0) return tf.mul(parameters, factor) as tf.Tensor1D;
  const [first, last] = tf.split(parameters, [decayedSize, rest]);
  return tf.concat1d([tf.mul(first as tf.Tensor1D, factor) as tf.Tensor1D, last as tf.Tensor1D]);
}

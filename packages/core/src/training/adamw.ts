import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../engine/engine.ts';
import { callKernel } from '../engine/kernels.ts';
import { clipByGlobalNorm } from './clip.ts';

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
  /** The gradient is scaled down to this global norm. */
  readonly maxGradientNorm: number;
}

/** Parameters and moments after an update, and the gradient's norm before clipping (a scalar). */
export interface AdamWUpdate extends AdamState {
  readonly parameters: tf.Tensor1D;
  readonly norm: tf.Scalar;
}

/**
 * One update of a flat vector, after clipping. The gradient stays the caller's; parameters and moments are handed over:
 * those that come back are the same tensors, changed in place, or new ones in their stead.
 */
export function adamW(
  parameters: tf.Tensor1D,
  gradient: tf.Tensor1D,
  moments: AdamState,
  options: AdamWOptions,
): AdamWUpdate {
  if (currentEngine().fusedKernels) return updateInPlace(parameters, gradient, moments, options);
  const update = plainAdamW(parameters, gradient, moments, options);
  tf.dispose([parameters, moments.mean, moments.variance]);
  return update;
}

/** One pass over the four vectors (`native/kernels/adamw.cc`), and one before it for the norm. */
function updateInPlace(
  parameters: tf.Tensor1D,
  gradient: tf.Tensor1D,
  { mean, variance }: AdamState,
  { step, learningRate, weightDecay, decayedSize, maxGradientNorm }: AdamWOptions,
): AdamWUpdate {
  const { beta1, beta2, epsilon } = ADAMW;
  const [norm] = callKernel<[tf.Scalar]>('CwNorm', [gradient], 1);
  const rate = learningRate / (1 - beta1 ** step);
  const varianceScale = 1 / Math.sqrt(1 - beta2 ** step);
  const decay = 1 - learningRate * weightDecay;
  const settings = tf.tensor1d([
    ...[rate, varianceScale, decay, maxGradientNorm],
    // In f32, 1 − 0.999 would be off by 1.3e-5 of itself.
    ...[beta1, 1 - beta1, beta2, 1 - beta2, epsilon],
  ]);
  const inputs = [parameters, mean, variance, gradient, norm, settings];
  callKernel('CwAdamW', inputs, 0, { int: { decayed: decayedSize } });
  settings.dispose();
  return { parameters, mean, variance, norm };
}

/** The plain twin: all arguments stay the caller's, all results are new. */
export function plainAdamW(
  parameters: tf.Tensor1D,
  gradient: tf.Tensor1D,
  { mean, variance }: AdamState,
  { step, learningRate, weightDecay, decayedSize, maxGradientNorm }: AdamWOptions,
): AdamWUpdate {
  const { beta1, beta2, epsilon } = ADAMW;
  return tf.tidy(() => {
    const { clipped, norm } = clipByGlobalNorm(gradient, maxGradientNorm);
    const nextMean = tf.add(tf.mul(mean, beta1), tf.mul(clipped, 1 - beta1));
    const nextVariance = tf.add(tf.mul(variance, beta2), tf.mul(tf.square(clipped), 1 - beta2));
    const scale = tf.add(tf.mul(tf.sqrt(nextVariance), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
    const update = tf.div(tf.mul(nextMean, learningRate / (1 - beta1 ** step)), scale);
    const decayed = decay(parameters, 1 - learningRate * weightDecay, decayedSize);
    return {
      parameters: tf.sub(decayed, update) as tf.Tensor1D,
      mean: nextMean as tf.Tensor1D,
      variance: nextVariance as tf.Tensor1D,
      norm,
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

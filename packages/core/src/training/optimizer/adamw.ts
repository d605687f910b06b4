import * as tf from '@tensorflow/tfjs-core';
import type { ParameterGroup } from '../../model/parameters/parameter-groups.ts';
import { currentEngine } from '../../tensor/engine.ts';
import { callKernel } from '../../tensor/kernels.ts';
import { clipToNorm } from './clip.ts';

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
  /** What the vector is made of; each has a rate of its own. */
  readonly groups: readonly ParameterGroup[];
  /** The gradient is scaled down to this global norm. */
  readonly maxGradientNorm: number;
}

/** What an update changes. */
interface Updated extends AdamState {
  readonly parameters: tf.Tensor1D;
}

/** A gradient before clipping, and its global norm: measured before the update, which is not to be made of NaN. */
export interface Gradient {
  readonly vector: tf.Tensor1D;
  readonly norm: tf.Scalar;
}

/**
 * One update of a flat vector, after clipping. The gradient stays the caller's; parameters and moments are handed over:
 * those that come back are the same tensors, changed in place, or new ones in their stead.
 */
export function adamW(parameters: tf.Tensor1D, gradient: Gradient, moments: AdamState, options: AdamWOptions): Updated {
  const update = currentEngine().fusedKernels ? fusedAdamW : plainAdamW;
  const next = update(parameters, gradient, moments, options);
  for (const name of ['mean', 'variance'] as const) if (next[name] !== moments[name]) moments[name].dispose();
  if (next.parameters !== parameters) parameters.dispose();
  return next;
}

/** One pass over the four vectors (`native/kernels/adamw.cc`). */
function fusedAdamW(
  parameters: tf.Tensor1D,
  { vector, norm }: Gradient,
  moments: AdamState,
  options: AdamWOptions,
): Updated {
  const vectors = { parameters, gradient: vector, ...moments };
  return byStretch(vectors, options, (group, own) => updateInPlace(group, norm, own));
}

/** The plain twin: all arguments stay the caller's, all results are new. */
export function plainAdamW(
  parameters: tf.Tensor1D,
  { vector, norm }: Gradient,
  moments: AdamState,
  options: AdamWOptions,
): Updated {
  return tf.tidy(() => {
    const gradient = clipToNorm(vector, norm, options.maxGradientNorm);
    return { ...byStretch({ parameters, gradient, ...moments }, options, plainUpdate) };
  });
}

interface Vectors extends Updated {
  readonly gradient: tf.Tensor1D;
}

interface GroupOptions extends Omit<AdamWOptions, 'groups'> {
  /** Elements at the group's beginning that decay applies to. */
  readonly decayedSize: number;
}

/**
 * Updates every group by itself, at its own rate. A lone one is the whole vector, updated as it is; several come back as
 * new vectors, because a slice shares its vector's memory in some places only.
 */
function byStretch(
  vectors: Vectors,
  { groups, ...options }: AdamWOptions,
  update: (group: Vectors, options: GroupOptions) => Updated,
): Updated {
  const optionsOf = ({ decayedSize, learningRateScale }: ParameterGroup): GroupOptions => ({
    ...options,
    decayedSize,
    learningRate: options.learningRate * learningRateScale,
  });
  const [first, ...more] = groups as [ParameterGroup, ...ParameterGroup[]];
  if (more.length === 0) return update(vectors, optionsOf(first));
  return tf.tidy(() => {
    let offset = 0;
    const updated = groups.map((group) => {
      const own = (vector: tf.Tensor1D) => tf.slice(vector, offset, group.size);
      const { parameters, gradient, mean, variance } = vectors;
      const piece = { parameters: own(parameters), gradient: own(gradient), mean: own(mean), variance: own(variance) };
      offset += group.size;
      return update(piece, optionsOf(group));
    });
    const joined = (name: keyof Updated) => tf.concat1d(updated.map((piece) => piece[name]));
    return { parameters: joined('parameters'), mean: joined('mean'), variance: joined('variance') };
  });
}

/** The gradient is clipped on the way: `norm` is that of the whole vector's. */
function updateInPlace(
  { parameters, gradient, mean, variance }: Vectors,
  norm: tf.Scalar,
  { step, learningRate, weightDecay, decayedSize, maxGradientNorm }: GroupOptions,
): Updated {
  const { beta1, beta2, epsilon } = ADAMW;
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
  return { parameters, mean, variance };
}

/** The gradient is clipped already. */
function plainUpdate(
  { parameters, gradient, mean, variance }: Vectors,
  { step, learningRate, weightDecay, decayedSize }: GroupOptions,
): Updated {
  const { beta1, beta2, epsilon } = ADAMW;
  // Each in a tidy of its own: at most five vectors of this size come and go at once.
  const nextMean = tf.tidy(() => tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)));
  const nextVariance = tf.tidy(() => tf.add(tf.mul(variance, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
  const update = tf.tidy(() => {
    const scale = tf.add(tf.mul(tf.sqrt(nextVariance), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
    return tf.div(tf.mul(nextMean, learningRate / (1 - beta1 ** step)), scale);
  });
  const decayed = tf.tidy(() => decay(parameters, 1 - learningRate * weightDecay, decayedSize));
  return {
    parameters: tf.sub(decayed, update) as tf.Tensor1D,
    mean: nextMean as tf.Tensor1D,
    variance: nextVariance as tf.Tensor1D,
  };
}

function decay(parameters: tf.Tensor1D, factor: number, decayedSize: number): tf.Tensor1D {
  const rest = parameters.size - decayedSize;
  if (factor === 1 || decayedSize === 0) return parameters;
  if (rest === 0) return tf.mul(parameters, factor) as tf.Tensor1D;
  const [first, last] = tf.split(parameters, [decayedSize, rest]);
  return tf.concat1d([tf.mul(first as tf.Tensor1D, factor) as tf.Tensor1D, last as tf.Tensor1D]);
}

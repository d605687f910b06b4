import * as tf from '@tensorflow/tfjs-core';
import type { ParameterStore } from '../../model/parameters/parameter-store.ts';
import { type Communicator, type Parts, shareFirst } from '../communicator.ts';
import { type AdamState, type AdamWOptions, adamW, freshAdamState, type Gradient } from './adamw.ts';
import { globalNorm } from './clip.ts';

/** How workers make one update together: what each of them keeps, and what they tell each other. */
export interface Optimizer {
  /** The moments that this worker keeps, before the first step. */
  fresh(): AdamState;
  /** What this worker keeps of whole moments, which are handed over. */
  keep(whole: AdamState): AdamState;
  /** Adds up the workers' gradients. @returns the sum's global norm, which the caller disposes */
  join(gradient: tf.Tensor1D): Promise<tf.Scalar>;
  /** Updates the parameters, at all workers alike. @returns the moments after it, in place of those given */
  update(gradient: Gradient, moments: AdamState, options: Omit<AdamWOptions, 'groups'>): Promise<AdamState>;
  /** The whole moments at the first worker, for a checkpoint, until they are released; at the others nothing of use. */
  whole(moments: AdamState): Promise<{ readonly moments: AdamState; release(): void }>;
}

/** Every worker keeps all moments and makes the whole update. */
export function wholeOptimizer(parameters: ParameterStore, workers: Communicator): Optimizer {
  const parts = partsOf(parameters.trainableSize, workers.size);
  return {
    fresh: () => freshAdamState(parameters.trainableSize),
    keep: (whole) => whole,
    async join(gradient) {
      await workers.sumParts(gradient, parts);
      await workers.shareParts(gradient, parts);
      return globalNorm(gradient);
    },
    async update(gradient, moments, options) {
      const next = adamW(parameters.vector, gradient, moments, { ...options, groups: parameters.groups });
      parameters.replaceVector(next.parameters);
      return { mean: tf.keep(next.mean), variance: tf.keep(next.variance) };
    },
    whole: async (moments) => ({ moments, release() {} }),
  };
}

/** The first worker's parameters at all of them. */
export async function shareParameters(parameters: ParameterStore, workers: Communicator): Promise<void> {
  await shareFirst(workers, parameters.vector);
  parameters.replaceVector(parameters.vector);
}

/** Values of which a sum of squares is one number (`native/kernels/adamw.cc`): no part ends within them. */
const STRETCH = 2 ** 15;

/** As even as whole stretches are; the last workers' parts are empty where a vector has fewer. */
export function partsOf(size: number, workers: number): Parts {
  const stretches = Math.ceil(size / STRETCH);
  return Array.from({ length: workers + 1 }, (_, r) => Math.min(size, Math.ceil((stretches * r) / workers) * STRETCH));
}

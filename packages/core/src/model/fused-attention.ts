import type * as tf from '@tensorflow/tfjs-core';
import { callKernel } from '../engine/kernels.ts';
import type { GroupedHeads, Mixer } from './grouped-heads.ts';

/**
 * Causal attention as one operation each way (`native/kernels/attention.cc`): the probabilities are never stored but
 * made again from the log-sum-exp of the scores, so that memory grows with the length and not with its square.
 */
export const mixFused: Mixer = ({ queries, keys, values }: GroupedHeads, keep) => {
  const forward = callKernel<[tf.Tensor, tf.Tensor]>('CwAttention', [queries, keys, values], 2);
  const [mixed] = forward;
  const kept = [queries, keys, values, ...forward].map(keep);
  return {
    mixed,
    pullback: (dMixed) => {
      const gradients = callKernel<[tf.Tensor, tf.Tensor, tf.Tensor]>('CwAttentionGrad', [...kept, dMixed], 3);
      return { queries: gradients[0], keys: gradients[1], values: gradients[2] };
    },
  };
};

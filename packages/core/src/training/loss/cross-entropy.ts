import * as tf from '@tensorflow/tfjs-core';
import { toFloat32 } from '../../tensor/bfloat16.ts';
import { callKernel } from '../../tensor/kernels.ts';

/** Cross-entropy of logits `[targets, vocabulary]` with the ids that were expected. To be called in a tidy. */
export type CrossEntropy = (
  logits: tf.Tensor,
  ids: Int32Array,
) => {
  /** Negative log-likelihood in nats, f32. */
  readonly losses: tf.Tensor1D;
  /** What is added to it in the loss that the gradient is of, if anything is. */
  readonly added?: tf.Tensor1D;
  /** Gradient of Σ weight · loss by the logits, in their precision; the logits are used up. */
  readonly gradient: (weights: Float32Array) => tf.Tensor;
};

/** Two passes over the logits, without a tensor between them (`native/kernels/cross-entropy.cc`). */
export const fusedCrossEntropy: CrossEntropy = (logits, ids) => {
  const targets = tf.tensor1d(ids, 'int32');
  const [losses, logSums] = callKernel<[tf.Tensor1D, tf.Tensor1D]>('CwCrossEntropy', [logits, targets], 2);
  return {
    losses,
    // In the logits' place: nothing else reads them, and nothing else of a step is as large.
    gradient: (weights) => {
      callKernel('CwCrossEntropyGrad', [logits, targets, logSums, tf.tensor1d(weights)], 0);
      return logits;
    },
  };
};

/** The plain twin, in f32. */
export const plainCrossEntropy: CrossEntropy = (logits, ids) => {
  const [targets, vocabulary] = logits.shape as [number, number];
  const probabilities = tf.softmax(logits);
  // log Σ exp = max − log(largest probability), which is at least 1 / vocabulary: nothing underflows.
  const logSum = tf.sub(tf.max(logits, -1), tf.log(tf.max(probabilities, -1)));
  const places = tf.tensor1d(
    ids.map((id, row) => row * vocabulary + id),
    'int32',
  );
  return {
    losses: tf.sub(logSum, tf.gather(tf.reshape(logits, [-1]), places)) as tf.Tensor1D,
    gradient: (weights) => {
      // These are the largest tensors of a step: none stays longer than it is needed.
      // WebAssembly's oneHot writes whole numbers, whatever type it is asked for.
      const ones = tf.oneHot(tf.tensor1d(ids, 'int32'), vocabulary);
      const expected = tf.cast(ones, 'float32');
      ones.dispose();
      const difference = tf.sub(probabilities, expected);
      tf.dispose([probabilities, expected]);
      const gradient = tf.mul(difference, tf.tensor2d(weights, [targets, 1]));
      difference.dispose();
      return gradient;
    },
  };
};

/**
 * Label smoothing: a share ε of each target is spread evenly over the vocabulary,
 *
 *     (1 − ε) · ℓ + ε · mean of −log p = ℓ + ε · (the target's logit − mean of the logits),
 *
 * as transformers' `label_smoothing_factor` has it. Beside ℓ comes what smoothing adds to it; the gradient is of both.
 */
export const smoothed =
  (crossEntropy: CrossEntropy, epsilon: number): CrossEntropy =>
  (logits, ids) => {
    const [targets, vocabulary] = logits.shape as [number, number];
    const expected = () => tf.oneHot(tf.tensor1d(ids, 'int32'), vocabulary);
    // Before the gradient uses the logits up.
    const wide = toFloat32(logits);
    const own = tf.sum(tf.mul(wide, expected()), -1);
    const added = tf.mul(tf.sub(own, tf.mean(wide, -1)), epsilon) as tf.Tensor1D;
    const { losses, gradient } = crossEntropy(logits, ids);
    return {
      losses,
      added,
      gradient: (weights: Float32Array): tf.Tensor => {
        const share = tf.mul(tf.tensor2d(weights, [targets, 1]), epsilon);
        return tf.add(toFloat32(gradient(weights)), tf.mul(tf.sub(expected(), 1 / vocabulary), share));
      },
    };
  };

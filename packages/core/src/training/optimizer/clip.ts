import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../../tensor/engine.ts';
import { callKernel } from '../../tensor/kernels.ts';

/** √Σ v² of a flat vector; NaN or ∞ where a value of it is. The caller disposes it. */
export const globalNorm = (vector: tf.Tensor1D): tf.Scalar =>
  currentEngine().fusedKernels ? callKernel<[tf.Scalar]>('CwNorm', [vector], 1)[0] : plainNorm(vector);

export const plainNorm = (vector: tf.Tensor1D): tf.Scalar =>
  tf.tidy(() => tf.sqrt(tf.sum(tf.square(vector))) as tf.Scalar);

/**
 * Scales a gradient of a known norm down to `maxNorm`, like torch.nn.utils.clip_grad_norm_. To be called in a tidy.
 */
export const clipToNorm = (gradient: tf.Tensor1D, norm: tf.Scalar, maxNorm: number): tf.Tensor1D =>
  tf.mul(gradient, tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6))));

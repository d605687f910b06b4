import * as tf from '@tensorflow/tfjs-core';
import { DataType, type Precision } from '../../tensor/bfloat16.ts';
import { currentEngine } from '../../tensor/engine.ts';
import { callKernel } from '../../tensor/kernels.ts';
import type { NormParameters } from '../parameters/parameters.ts';
import { type Layer, layerResult } from './layer.ts';

/**
 * Root mean square normalisation of the last dimension, `y = w · x / √(mean(x²) + ε)`, over `[tokens, hidden]`: from the
 * stream in f32 to activations in the model's precision.
 * Source: Zhang & Sennrich 2019, arXiv 1910.07467.
 */
export function rmsNorm(parameters: NormParameters, name: string, epsilon: number): Layer {
  return (x) => (currentEngine().fusedKernels ? fusedRmsNorm : plainRmsNorm)(parameters, name, epsilon)(x);
}

/** One operation each way (`native/kernels/rms-norm.cc`). */
export const fusedRmsNorm =
  (parameters: NormParameters, name: string, epsilon: number): Layer =>
  (x) =>
    layerResult((keep) => {
      const weight = keep(parameters.get(name));
      const [output, inverse] = callKernel<[tf.Tensor, tf.Tensor]>('CwRmsNorm', [x, weight], 2, {
        float: { epsilon },
        ...outputType(parameters.precision),
      });
      const kept = [keep(x), weight, keep(inverse)];
      return {
        output,
        pullback: (dy) => {
          const inputs = [...kept, dy];
          parameters.accumulate(name, () => callKernel<[tf.Tensor]>('CwRmsNormWeightGrad', inputs, 1)[0]);
          return callKernel<[tf.Tensor]>('CwRmsNormGrad', inputs, 1)[0];
        },
      };
    });

function outputType(precision: Precision) {
  const isBfloat16 = precision === 'bf16';
  return {
    int: { to_bfloat16: isBfloat16 ? 1 : 0 },
    type: { Y: isBfloat16 ? DataType.bfloat16 : DataType.float32 },
  };
}

/** The plain twin, in f32. */
export const plainRmsNorm =
  (parameters: NormParameters, name: string, epsilon: number): Layer =>
  (x) =>
    layerResult((keep) => {
      const weight = keep(parameters.get(name));
      const input = keep(x);
      const inverse = keep(tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)));
      return {
        output: tf.mul(tf.mul(x, inverse), weight),
        // With n = x · inverse: dx = inverse · (dn − n · mean(dn · n)), dw = Σ dy · n
        pullback: (dy) => {
          const normed = tf.mul(input, inverse);
          parameters.accumulate(name, () => tf.sum(tf.mul(dy, normed), 0));
          const dNormed = tf.mul(dy, weight);
          const along = tf.mean(tf.mul(dNormed, normed), -1, true);
          return tf.mul(inverse, tf.sub(dNormed, tf.mul(normed, along)));
        },
      };
    });

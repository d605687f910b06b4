import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../../tensor/engine.ts';
import { callKernel } from '../../tensor/kernels.ts';
import { splitGateUp } from './gate-up.ts';
import { type Layer, layerResult } from './layer.ts';

/**
 * `silu(gate) · up` of a joined `[tokens, gate | up]`, giving `[tokens, intermediate]`, in the input's precision.
 * The sigmoid is computed again on the way back: that is cheaper than keeping it.
 * Source: Shazeer 2020, arXiv 2002.05202.
 */
export const swiglu: Layer = (gateUp) => (currentEngine().fusedKernels ? fusedSwiglu : plainSwiglu)(gateUp);

/** One operation each way (`native/kernels/swiglu.cc`). */
export const fusedSwiglu: Layer = (gateUp) =>
  layerResult((keep) => {
    const joined = keep(gateUp);
    return {
      output: callKernel<[tf.Tensor]>('CwSwiglu', [gateUp], 1)[0],
      pullback: (dy) => callKernel<[tf.Tensor]>('CwSwigluGrad', [joined, dy], 1)[0],
    };
  });

/** The plain twin, in f32. */
export const plainSwiglu: Layer = (gateUp) =>
  layerResult((keep) => {
    const joined = keep(gateUp);
    const [gate, up] = splitGateUp(gateUp);
    return {
      output: tf.mul(tf.mul(gate, tf.sigmoid(gate)), up),
      // d silu(g)/dg = σ(g) + silu(g) · (1 − σ(g))
      pullback: (dy) => {
        const [gate, up] = splitGateUp(joined);
        const sigmoid = tf.sigmoid(gate);
        const silu = tf.mul(gate, sigmoid);
        const slope = tf.add(sigmoid, tf.sub(silu, tf.mul(silu, sigmoid)));
        return tf.concat([tf.mul(tf.mul(dy, up), slope), tf.mul(dy, silu)], -1);
      },
    };
  });

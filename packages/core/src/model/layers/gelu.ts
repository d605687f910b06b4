import * as tf from '@tensorflow/tfjs-core';
import { likeType, toFloat32 } from '../../tensor/bfloat16.ts';
import { splitGateUp } from './gate-up.ts';
import { type Layer, layerResult } from './layer.ts';

/** A function of single elements, and its slope. To be called in a tidy. */
interface Curve {
  readonly at: (x: tf.Tensor) => tf.Tensor;
  readonly slope: (x: tf.Tensor) => tf.Tensor;
}

/** x · Φ(x), Φ the normal distribution's function. Source: Hendrycks & Gimpel 2016, arXiv 1606.08415. */
const exact: Curve = {
  at: (x) => tf.mul(x, normal(x)),
  slope: (x) => {
    const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.add(normal(x), tf.mul(x, density));
  },
};

const normal = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);

const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** The same paper's approximation, x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
const byTanh: Curve = {
  at: (x) => tf.mul(tf.mul(x, 0.5), tf.add(bend(x), 1)),
  slope: (x) => {
    const tanh = bend(x);
    const inner = tf.mul(tf.add(tf.mul(tf.square(x), 3 * CUBIC), 1), ROOT);
    const steep = tf.mul(tf.mul(tf.mul(x, 0.5), tf.sub(1, tf.square(tanh))), inner);
    return tf.add(tf.mul(tf.add(tanh, 1), 0.5), steep);
  },
};

const bend = (x: tf.Tensor): tf.Tensor => tf.tanh(tf.mul(tf.mul(x, ROOT), tf.add(tf.mul(tf.square(x), CUBIC), 1)));

/** In f32 inside; the output is in the input's precision. The curve is computed again on the way back. */
const elementwise =
  ({ at, slope }: Curve): Layer =>
  (x) =>
    layerResult((keep) => {
      const input = keep(x);
      return {
        output: likeType(at(toFloat32(x)), x),
        pullback: (dy) => likeType(tf.mul(toFloat32(dy), slope(toFloat32(input))), dy),
      };
    });

/** `curve(gate) · up` of a joined `[tokens, gate | up]`, giving `[tokens, intermediate]`, in the input's precision. */
const gated =
  ({ at, slope }: Curve): Layer =>
  (gateUp) =>
    layerResult((keep) => {
      const joined = keep(gateUp);
      const [gate, up] = splitGateUp(toFloat32(gateUp));
      return {
        output: likeType(tf.mul(at(gate), up), gateUp),
        pullback: (gradient) => {
          const dy = toFloat32(gradient);
          const [gate, up] = splitGateUp(toFloat32(joined));
          return likeType(tf.concat([tf.mul(tf.mul(dy, up), slope(gate)), tf.mul(dy, at(gate))], -1), gradient);
        },
      };
    });

export const gelu: Layer = elementwise(exact);
export const geluTanh: Layer = elementwise(byTanh);
/** Source: Shazeer 2020, arXiv 2002.05202. */
export const geluTanhGated: Layer = gated(byTanh);

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Layer } from '../model/layers/layer.ts';
import { matrixOf } from '../model/parameters/matrix.ts';
import type { Parameters } from '../model/parameters/parameters.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import { withoutKernels } from './engines.ts';
import { randomTensor } from './random-tensor.ts';

export { randomTensor };

/**
 * Parameters in a plain map, with the gradients that came in. For tests of layers. What is derived of them stays as it
 * is when they move: a constant, as it is to the layers' gradients.
 */
export interface TestParameters extends Parameters {
  readonly tensors: Map<string, tf.Tensor>;
  readonly gradients: Map<string, tf.Tensor>;
}

export function testParameters(tensors: Record<string, tf.Tensor>, precision: Precision = 'f32'): TestParameters {
  const gradients = new Map<string, tf.Tensor>();
  const derived = new Map<string, tf.Tensor>();
  const map = new Map(Object.entries(tensors));
  const get = (name: string) => {
    const tensor = map.get(name);
    if (!tensor) throw new Error(`no parameter ${name}`);
    return tensor;
  };
  return {
    precision,
    tensors: map,
    gradients,
    get,
    matrix: (name) => matrixOf(get(name)),
    accumulate(name, gradient) {
      const before = gradients.get(name);
      gradients.set(name, tf.keep(before ? tf.add(before, gradient()) : gradient()));
    },
    derive(name, _from, make) {
      const tensor = derived.get(name) ?? tf.keep(tf.tidy(make));
      derived.set(name, tensor);
      return tensor;
    },
  };
}

export interface GradientCase {
  readonly input: tf.Tensor;
  readonly parameters: TestParameters;
  readonly layer: Layer;
}

/** Gradients of Σ output ⊙ direction by the input (`x`) and by every parameter, by three roads. */
export interface Gradients {
  readonly [name: string]: Float32Array;
}

const values = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();

/** By the layer's own pullback. */
export function byPullback({ input, parameters, layer }: GradientCase, direction: tf.Tensor): Gradients {
  const result = layer(input);
  const gradients: Record<string, Float32Array> = { x: values(result.pullback(direction)) };
  for (const [name, gradient] of parameters.gradients) gradients[name] = values(gradient);
  return gradients;
}

/** By tfjs's tape, through the same forward pass, without the kernels, into which it does not see. */
export function byTape({ input, parameters, layer }: GradientCase, direction: tf.Tensor): Gradients {
  const names = [...parameters.tensors.keys()];
  const originals = new Map(parameters.tensors);
  const loss = (x: tf.Tensor, ...weights: tf.Tensor[]): tf.Scalar => {
    for (const [i, name] of names.entries()) parameters.tensors.set(name, weights[i] as tf.Tensor);
    return tf.sum(tf.mul(layer(x).output, direction));
  };
  layer(input); // derives what is constant
  const inputs = [input, ...names.map((name) => originals.get(name) as tf.Tensor)];
  const results = withoutKernels(() => tf.grads(loss)(inputs));
  for (const [name, tensor] of originals) parameters.tensors.set(name, tensor);
  return Object.fromEntries(['x', ...names].map((name, i) => [name, values(results[i] as tf.Tensor)]));
}

/**
 * The slope along a random direction of one argument by central differences, and the same from a gradient.
 * Differences are summed in f64, output by output, so that f32 rounding does not drown the slope.
 */
export function slopes(
  { input, parameters, layer }: GradientCase,
  direction: tf.Tensor,
  name: string,
  gradient: Float32Array,
): { numeric: number; analytic: number } {
  const argument = name === 'x' ? input : parameters.get(name);
  const along = randomTensor(argument.shape, 99);
  const step = 1e-2;
  layer(input); // derives what is constant
  const outputAt = (distance: number): Float32Array => {
    const moved = tf.add(argument, tf.mul(along, distance));
    if (name !== 'x') parameters.tensors.set(name, moved);
    const output = values(layer(name === 'x' ? moved : input).output);
    if (name !== 'x') parameters.tensors.set(name, argument);
    return output;
  };
  const [up, down, weights] = [outputAt(step), outputAt(-step), values(direction)];
  const numeric =
    up.reduce((sum, value, i) => sum + (value - (down[i] as number)) * (weights[i] as number), 0) / (2 * step);
  const analytic = values(along).reduce((sum, value, i) => sum + value * (gradient[i] as number), 0);
  return { numeric, analytic };
}

/** The largest difference between two tensors' values. */
export function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  const [left, right] = [values(a), values(b)];
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (right[i] as number))), 0);
}

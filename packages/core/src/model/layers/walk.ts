import type * as tf from '@tensorflow/tfjs-core';
import type { Breathe } from '../../abort.ts';
import type { Layer, LayerResult } from './layer.ts';

/** What came out of a walk, and the way back: the gradient by the input. Call it once. */
export interface Walk {
  readonly output: tf.Tensor;
  readonly pullback: (gradient: tf.Tensor) => Promise<tf.Tensor>;
}

/**
 * Layers one after the other, as `chain` has them, with a breath between two: an abort is heard there, and frees all that
 * was kept. The input is disposed, since nothing but the first layer reads it.
 */
export async function walk(
  layers: readonly Layer[],
  input: tf.Tensor,
  breathe: Breathe = () => undefined,
): Promise<Walk> {
  const results: LayerResult[] = [];
  let output = input;
  try {
    for (const layer of layers) {
      const result = layer(output);
      output.dispose();
      results.push(result);
      output = result.output;
      await breathe();
    }
  } catch (error) {
    output.dispose();
    for (const result of results) result.dispose();
    throw error;
  }
  return { output, pullback: (gradient) => walkBack(results, gradient, breathe) };
}

async function walkBack(results: readonly LayerResult[], gradient: tf.Tensor, breathe: Breathe): Promise<tf.Tensor> {
  const left = [...results];
  let current = gradient;
  try {
    for (let result = left.pop(); result; result = left.pop()) {
      const next = result.pullback(current);
      if (current !== gradient) current.dispose();
      current = next;
      await breathe();
    }
    return current;
  } catch (error) {
    if (current !== gradient) current.dispose();
    for (const result of left) result.dispose();
    throw error;
  }
}

/** The same when no gradient will come back: nothing is kept beyond the next layer. */
export async function walkForward(
  layers: readonly Layer[],
  input: tf.Tensor,
  breathe: Breathe = () => undefined,
): Promise<tf.Tensor> {
  let output = input;
  try {
    for (const layer of layers) {
      const result = layer(output);
      result.dispose();
      output.dispose();
      output = result.output;
      await breathe();
    }
    return output;
  } catch (error) {
    output.dispose();
    throw error;
  }
}

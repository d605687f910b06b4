import * as tf from '@tensorflow/tfjs-core';
import { atOnce, type Steps } from '../../abort.ts';
import { toFloat32 } from '../../tensor/bfloat16.ts';

/**
 * Layers own their backward pass. A layer maps a tensor to a tensor and says what to do with the gradient that comes
 * back: its *pullback*. It keeps only what the pullback needs, and lets go of it as the gradient walks home, which is
 * most of the difference in memory to a gradient tape. `recompute` computes the input a second time, for a layer that would
 * otherwise keep it: see `recomputeInput`.
 */
export interface Layer {
  (input: tf.Tensor, recompute?: () => tf.Tensor): LayerResult;
  /** The same in steps, of a layer that may take seconds. */
  readonly inSteps?: (input: tf.Tensor, recompute?: () => tf.Tensor) => Steps<LayerInSteps>;
}

/** The result of a layer that was gone through in steps, as the way back may be. */
export interface LayerInSteps extends Omit<LayerResult, 'pullback'> {
  /** Left at one of its places, it has freed what the layer kept. */
  readonly pullback: (gradient: tf.Tensor) => Steps<tf.Tensor>;
}

export interface LayerResult {
  readonly output: tf.Tensor;
  /** Gradient of the loss by the output → by the input. Frees what the layer kept: call once, or `dispose` instead. */
  readonly pullback: (gradient: tf.Tensor) => tf.Tensor;
  /** Frees what the layer kept, for a result that no gradient will come back to. */
  readonly dispose: () => void;
}

/** Saves a tensor for the backward pass: holds on to it until the pullback is done; the handle is the layer's own, whoever else disposes theirs. */
export type Keep = <T extends tf.Tensor>(tensor: T) => T;

interface LayerBody {
  readonly output: tf.Tensor;
  readonly pullback: (gradient: tf.Tensor) => tf.Tensor;
}

/** Makes a layer's result from its body; everything the body makes and neither returns nor keeps is freed. */
export function layerResult(body: (keep: Keep) => LayerBody): LayerResult {
  const kept: tf.Tensor[] = [];
  const keep: Keep = (tensor) => {
    const handle = tf.keep(tf.clone(tensor));
    kept.push(handle);
    return handle;
  };
  const dispose = () => tf.dispose(kept);
  let pullback: LayerBody['pullback'] | undefined;
  const output = tf.tidy(() => {
    const made = body(keep);
    pullback = made.pullback;
    return made.output;
  });
  return {
    output,
    pullback: (gradient) => {
      const result = tf.tidy(() => (pullback as LayerBody['pullback'])(gradient));
      dispose();
      return result;
    },
    dispose,
  };
}

/** A layer by its steps. */
export function layerOfSteps(inSteps: NonNullable<Layer['inSteps']>): Layer {
  const layer = (input: tf.Tensor, recompute?: () => tf.Tensor): LayerResult => {
    const { output, pullback, dispose } = atOnce(inSteps(input, recompute));
    return { output, pullback: (gradient) => atOnce(pullback(gradient)), dispose };
  };
  return Object.assign(layer, { inSteps });
}

/** Any layer in steps: its own, or the whole of it and a step after. */
export function* goThrough(layer: Layer, input: tf.Tensor, recompute?: () => tf.Tensor): Steps<LayerInSteps> {
  if (layer.inSteps) return yield* layer.inSteps(input, recompute);
  const { output, pullback, dispose } = layer(input, recompute);
  try {
    yield;
  } catch (reason) {
    output.dispose();
    dispose();
    throw reason;
  }
  return {
    output,
    dispose,
    *pullback(gradient) {
      const result = pullback(gradient);
      try {
        yield;
      } catch (reason) {
        result.dispose();
        throw reason;
      }
      return result;
    },
  };
}

/** Layers one after the other. */
export const chain = (...layers: readonly Layer[]): Layer =>
  layerOfSteps((input, recompute) => walk(layers, tf.clone(input), recompute));

/** The same for who needs the input no longer: it is disposed, since nothing but the first layer reads it. */
export function* walk(layers: readonly Layer[], input: tf.Tensor, recompute?: () => tf.Tensor): Steps<LayerInSteps> {
  const results: LayerInSteps[] = [];
  let output = input;
  try {
    for (const [i, layer] of layers.entries()) {
      const result = yield* goThrough(layer, output, i === 0 ? recompute : undefined);
      output.dispose();
      results.push(result);
      output = result.output;
    }
  } catch (reason) {
    output.dispose();
    disposeAll(results);
    throw reason;
  }
  return { output, pullback: (gradient) => walkBack(results, gradient), dispose: () => disposeAll(results) };
}

function* walkBack(results: readonly LayerInSteps[], gradient: tf.Tensor): Steps<tf.Tensor> {
  const left = [...results];
  let current = gradient;
  try {
    for (let result = left.pop(); result; result = left.pop()) {
      const next = yield* result.pullback(current);
      if (current !== gradient) current.dispose();
      current = next;
    }
    return current;
  } catch (reason) {
    if (current !== gradient) current.dispose();
    disposeAll(left);
    throw reason;
  }
}

/** `walk` when no gradient will come back: nothing is kept beyond the next layer. */
export function* walkForward(layers: readonly Layer[], input: tf.Tensor): Steps<tf.Tensor> {
  let output = input;
  try {
    for (const layer of layers) {
      const result = yield* goThrough(layer, output);
      result.dispose();
      output.dispose();
      output = result.output;
    }
    return output;
  } catch (reason) {
    output.dispose();
    throw reason;
  }
}

export function disposeAll(results: readonly Pick<LayerResult, 'dispose'>[]): void {
  for (const result of results) result.dispose();
}

/**
 * `second(first(x))`, where what lies between is not kept but computed again on the way back: for a first layer that is
 * cheap and keeps x anyway, such as a norm or an activation before a product.
 */
export function recomputeInput(first: Layer, second: Layer): Layer {
  return (input) => {
    const inner = first(input);
    const kept = tf.keep(tf.clone(input));
    const outer = second(inner.output, () => {
      const result = first(kept);
      result.dispose();
      return result.output;
    });
    inner.output.dispose();
    return {
      output: outer.output,
      pullback: (gradient) => {
        const between = outer.pullback(gradient);
        kept.dispose();
        const result = inner.pullback(between);
        between.dispose();
        return result;
      },
      dispose: () => {
        kept.dispose();
        inner.dispose();
        outer.dispose();
      },
    };
  };
}

/** `x + layer(x)`: the stream stays in f32, whatever the layer's precision. */
export const residual = (layer: Layer): Layer =>
  layerOfSteps(function* (input) {
    const inner = yield* goThrough(layer, input);
    const output = tf.tidy(() => tf.add(input, toFloat32(inner.output)));
    inner.output.dispose();
    return {
      output,
      *pullback(gradient) {
        const throughLayer = yield* inner.pullback(gradient);
        const sum = tf.add(gradient, throughLayer);
        throughLayer.dispose();
        return sum;
      },
      dispose: inner.dispose,
    };
  });

/**
 * The same layer, keeping nothing but its input: on the way back it is computed a second time. Less memory for more time.
 * Source: Chen et al. 2016, arXiv 1604.06174.
 */
export const recomputed = (layer: Layer): Layer =>
  layerOfSteps(function* (input) {
    const first = yield* goThrough(layer, input);
    first.dispose();
    const kept = tf.keep(tf.clone(input));
    return {
      output: first.output,
      *pullback(gradient) {
        let second: LayerInSteps;
        try {
          second = yield* goThrough(layer, kept);
        } finally {
          kept.dispose();
        }
        second.output.dispose();
        return yield* second.pullback(gradient);
      },
      dispose: () => kept.dispose(),
    };
  });

import * as tf from '@tensorflow/tfjs-core';
import { toFloat32 } from '../../tensor/bfloat16.ts';

/**
 * Layers own their backward pass. A layer maps a tensor to a tensor and says what to do with the gradient that comes
 * back: its *pullback*. It keeps only what the pullback needs, and lets go of it as the gradient walks home, which is
 * most of the difference in memory to a gradient tape. `recompute` computes the input a second time, for a layer that would
 * otherwise keep it: see `recomputeInput`.
 */
export type Layer = (input: tf.Tensor, recompute?: () => tf.Tensor) => LayerResult;

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

/** Layers one after the other. */
export function chain(...layers: readonly Layer[]): Layer {
  return (input, recompute) => {
    const results: LayerResult[] = [];
    let output = input;
    for (const layer of layers) {
      const result = layer(output, layer === layers[0] ? recompute : undefined);
      if (output !== input) output.dispose();
      results.push(result);
      output = result.output;
    }
    return {
      output,
      pullback: (gradient) => {
        let current = gradient;
        for (const result of results.toReversed()) {
          const next = result.pullback(current);
          if (current !== gradient) current.dispose();
          current = next;
        }
        return current;
      },
      dispose: () => {
        for (const result of results) result.dispose();
      },
    };
  };
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
export function residual(layer: Layer): Layer {
  return (input) => {
    const inner = layer(input);
    const output = tf.tidy(() => tf.add(input, toFloat32(inner.output)));
    inner.output.dispose();
    return {
      output,
      pullback: (gradient) => {
        const throughLayer = inner.pullback(gradient);
        const sum = tf.add(gradient, throughLayer);
        throughLayer.dispose();
        return sum;
      },
      dispose: inner.dispose,
    };
  };
}

/**
 * The same layer, keeping nothing but its input: on the way back it is computed a second time. Less memory for more time.
 * Source: Chen et al. 2016, arXiv 1604.06174.
 */
export function recomputed(layer: Layer): Layer {
  return (input) => {
    const first = layer(input);
    first.dispose();
    const kept = tf.keep(tf.clone(input));
    return {
      output: first.output,
      pullback: (gradient) => {
        const second = layer(kept);
        second.output.dispose();
        kept.dispose();
        return second.pullback(gradient);
      },
      dispose: () => kept.dispose(),
    };
  };
}

/** Layers one after the other when no gradient will come back: nothing is kept beyond the next layer. */
export function forwardOnly(layers: readonly Layer[], input: tf.Tensor): tf.Tensor {
  let output = input;
  for (const layer of layers) {
    const result = layer(output);
    result.dispose();
    if (output !== input) output.dispose();
    output = result.output;
  }
  return output;
}

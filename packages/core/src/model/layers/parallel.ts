import * as tf from '@tensorflow/tfjs-core';
import { toFloat32 } from '../../tensor/bfloat16.ts';
import { disposeAll, goThrough, type Layer, type LayerInSteps, layerOfSteps } from './layer.ts';

/** `x + a(x) + b(x)`: two layers that read the same stream. Source: Wang & Komatsuzaki 2021, GPT-J. */
export const parallelResidual = (...layers: readonly Layer[]): Layer =>
  layerOfSteps(function* (input) {
    const results: LayerInSteps[] = [];
    try {
      for (const layer of layers) results.push(yield* goThrough(layer, input));
    } catch (reason) {
      tf.dispose(results.map((result) => result.output));
      disposeAll(results);
      throw reason;
    }
    const outputs = results.map((result) => result.output);
    const output = tf.tidy(() => tf.addN([input, ...outputs.map(toFloat32)]));
    tf.dispose(outputs);
    return {
      output,
      *pullback(gradient) {
        const left = [...results];
        const gradients: tf.Tensor[] = [];
        try {
          for (let result = left.shift(); result; result = left.shift())
            gradients.push(yield* result.pullback(gradient));
          return tf.addN([gradient, ...gradients]);
        } catch (reason) {
          disposeAll(left);
          throw reason;
        } finally {
          tf.dispose(gradients);
        }
      },
      dispose: () => disposeAll(results),
    };
  });

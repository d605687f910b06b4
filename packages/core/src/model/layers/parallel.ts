import * as tf from '@tensorflow/tfjs-core';
import { toFloat32 } from '../../tensor/bfloat16.ts';
import type { Layer } from './layer.ts';

/** `x + a(x) + b(x)`: two layers that read the same stream. Source: Wang & Komatsuzaki 2021, GPT-J. */
export function parallelResidual(...layers: readonly Layer[]): Layer {
  return (input) => {
    const results = layers.map((layer) => layer(input));
    const outputs = results.map((result) => result.output);
    const output = tf.tidy(() => tf.addN([input, ...outputs.map(toFloat32)]));
    tf.dispose(outputs);
    return {
      output,
      pullback: (gradient) => tf.tidy(() => tf.addN([gradient, ...results.map(({ pullback }) => pullback(gradient))])),
      dispose: () => {
        for (const result of results) result.dispose();
      },
    };
  };
}

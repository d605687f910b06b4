import * as tf from '@tensorflow/tfjs-core';
import type { EmbeddingShape } from '../config.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { embedding } from './embedding.ts';

/** The stream at its beginning, f32 `[tokens, hidden]`, and the way back into the tables. The caller disposes the output. */
export function tokenEmbedding(
  parameters: Parameters,
  { name, scale, positions: table }: EmbeddingShape,
  ids: tf.Tensor1D,
  positions: ArrayLike<number>,
) {
  const tokens = embedding(parameters, name, ids);
  const scaled = scale === undefined ? tokens.output : tf.mul(tokens.output, scale);
  if (scaled !== tokens.output) tokens.output.dispose();
  const back = (gradient: tf.Tensor) => tokens.pullback(scale === undefined ? gradient : tf.mul(gradient, scale));
  if (table === undefined) return { output: scaled, pullback: back, dispose: () => {} };
  const places = tf.tensor1d(Int32Array.from(positions), 'int32');
  const learned = embedding(parameters, table, places);
  const output = tf.add(scaled, learned.output);
  tf.dispose([scaled, learned.output]);
  return {
    output,
    pullback: (gradient: tf.Tensor): void => {
      back(gradient);
      learned.pullback(gradient);
    },
    dispose: () => places.dispose(),
  };
}

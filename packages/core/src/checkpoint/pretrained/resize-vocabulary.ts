import * as tf from '@tensorflow/tfjs-core';
import { matrixOf } from '../../model/parameters/matrix.ts';
import { baseParameters } from '../../model/parameters/parameter-table.ts';
import type { PretrainedModel } from './load-model.ts';

/** The tokens that a model is to have: ids below `known` are those it was trained with, from there to `size` new ones. */
export interface Vocabulary {
  readonly known: number;
  readonly size: number;
}

/**
 * The model with as many rows in its embedding table, and in a head of its own, as `rows`: by default as many as there
 * are tokens, and no fewer than it had, because many models have rows that no token uses yet. A new token begins at the
 * mean of those that the model knows, in either matrix: a logit like an average token's, neither sought nor avoided
 * (Hewitt 2021, "Initializing new word embeddings for pretrained language models"; transformers draws around it).
 */
export function resizeVocabulary<Model extends PretrainedModel>(
  model: Model,
  { known, size }: Vocabulary,
  rows = Math.max(size, model.config.vocabularySize),
): Model {
  const { embedding, head, tiedEmbeddings } = model.config;
  const config = { ...model.config, vocabularySize: rows };
  const tensors = new Map(model.tensors);
  for (const name of tiedEmbeddings ? [embedding.name] : [embedding.name, head]) {
    const table = tensors.get(name) as tf.Tensor2D;
    tensors.set(name, resized(table, { known, size }, rows));
    table.dispose();
  }
  return { ...model, config, tensors, base: baseParameters(config, model.blocks) };
}

function resized(table: tf.Tensor2D, { known, size }: Vocabulary, rows: number): tf.Tensor2D {
  return tf.tidy(() => {
    const rowsOf = (from: number, count: number) =>
      matrixOf(table).slice([from, 0], [count, table.shape[1]]) as tf.Tensor2D;
    const old = rowsOf(0, known);
    const parts = [old];
    if (size > known) parts.push(tf.tile(tf.mean(old, 0, true) as tf.Tensor2D, [size - known, 1]));
    if (rows > size) parts.push(rowsOf(size, rows - size));
    return tf.keep(tf.concat(parts, 0));
  });
}

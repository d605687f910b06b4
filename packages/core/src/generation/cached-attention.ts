import * as tf from '@tensorflow/tfjs-core';
import { type AttentionShape, mergeHeads, type Sequence, splitHeads } from '../model/attention/grouped-heads.ts';
import { attentionProbabilities } from '../model/attention/plain-attention.ts';
import type { Layer } from '../model/layers/layer.ts';
import { likeType, toFloat32 } from '../tensor/bfloat16.ts';
import { product } from '../tensor/product.ts';

/** Keys and values of everything a layer has seen, `[rows · kvHeads, seen, headSize]`. */
export interface KeyValues {
  keys: tf.Tensor | undefined;
  values: tf.Tensor | undefined;
}

/** Attention of new tokens over themselves and what the cache holds; the cache grows by them. For inference only. */
export function cachedAttention(shape: AttentionShape, sequence: Sequence, cache: KeyValues): Layer {
  return (qkv) => {
    const { output, keys, values } = tf.tidy(() => {
      const fresh = splitHeads(toFloat32(qkv), shape, sequence);
      const keys = append(cache.keys, fresh.keys);
      const values = append(cache.values, fresh.values);
      const attended = product(attentionProbabilities(fresh.queries, keys, shape, sequence), values);
      return { output: likeType(mergeHeads(attended, shape, sequence), qkv), keys, values };
    });
    forget(cache);
    cache.keys = tf.keep(keys);
    cache.values = tf.keep(values);
    return { output, pullback: noPullback, dispose: () => {} };
  };
}

export function forget(cache: KeyValues): void {
  cache.keys?.dispose();
  cache.values?.dispose();
  cache.keys = cache.values = undefined;
}

/** Keeps the chosen rows of the batch, in that order; a row may be there several times. */
export function keepRows(cache: KeyValues, rows: readonly number[], keyValueHeads: number): void {
  const heads = rows.flatMap((row) => Array.from({ length: keyValueHeads }, (_, head) => row * keyValueHeads + head));
  const { keys, values } = tf.tidy(() => {
    const indices = tf.tensor1d(heads, 'int32');
    return { keys: tf.gather(cache.keys as tf.Tensor, indices), values: tf.gather(cache.values as tf.Tensor, indices) };
  });
  forget(cache);
  cache.keys = tf.keep(keys);
  cache.values = tf.keep(values);
}

/**
 * Puts the rows of another cache behind those of this one, and forgets the other. Both end at the same column: the shorter is padded on
 * its left, with columns that nobody looks at.
 */
export function joinRows(cache: KeyValues, other: KeyValues): void {
  const { keys, values } = tf.tidy(() => {
    const joined = (own: tf.Tensor, more: tf.Tensor) => {
      const columns = Math.max(own.shape[1] as number, more.shape[1] as number);
      return tf.concat([paddedTo(own, columns), paddedTo(more, columns)], 0);
    };
    return {
      keys: joined(cache.keys as tf.Tensor, other.keys as tf.Tensor),
      values: joined(cache.values as tf.Tensor, other.values as tf.Tensor),
    };
  });
  forget(cache);
  forget(other);
  cache.keys = tf.keep(keys);
  cache.values = tf.keep(values);
}

function paddedTo(own: tf.Tensor, columns: number): tf.Tensor {
  const [rows = 0, seen = 0, size = 0] = own.shape;
  return seen === columns ? own : tf.concat([tf.zeros([rows, columns - seen, size]), own], 1);
}

/** Forgets the leftmost columns, which are none of any row. */
export function dropColumns(cache: KeyValues, count: number): void {
  const { keys, values } = tf.tidy(() => {
    const rest = (own: tf.Tensor) => {
      const [rows = 0, seen = 0, size = 0] = own.shape;
      return tf.slice(own, [0, count, 0], [rows, seen - count, size]);
    };
    return { keys: rest(cache.keys as tf.Tensor), values: rest(cache.values as tf.Tensor) };
  });
  forget(cache);
  cache.keys = tf.keep(keys);
  cache.values = tf.keep(values);
}

const append = (seen: tf.Tensor | undefined, fresh: tf.Tensor): tf.Tensor =>
  seen ? tf.concat([seen, fresh], 1) : fresh;

function noPullback(): never {
  throw new Error('Attention with a cache is for inference: no gradient goes through it');
}

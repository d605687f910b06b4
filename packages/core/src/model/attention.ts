import * as tf from '@tensorflow/tfjs-core';
import { product } from '../engine/product.ts';
import { type Layer, layerResult } from './layer.ts';
import { type Rotary, rotate, rotateBack } from './rotary.ts';

/** Grouped-query attention: `heads / keyValueHeads` query heads share one key and value head. */
export interface AttentionShape {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
}

/** What the layers need to know about the tokens in front of them. */
export interface Sequence {
  readonly rows: number;
  readonly length: number;
  readonly rotary: Rotary;
  /** Added to the scores, `[1 or rows, 1, length, keys]`: 0 where a token may look, a large negative number elsewhere. */
  readonly mask: tf.Tensor;
}

/** Far below any score, and far enough from the end of f32 that adding a score to it changes nothing. */
export const MASKED = -1e9;

/** Every token sees itself and what came before it: `[1, 1, length, length]`. */
export function causalMask(length: number): tf.Tensor {
  const mask = new Float32Array(length * length);
  for (let query = 0; query < length; query++) mask.fill(MASKED, query * length + query + 1, (query + 1) * length);
  return tf.tensor4d(mask, [1, 1, length, length]);
}

/**
 * Attention over a joined `[tokens, q | k | v]`, giving `[tokens, heads · headSize]`.
 * The query heads of a group are stacked along the length, so that a group is one product with its key head:
 *
 *     queries [rows · kvHeads, group · length, headSize] · keysᵀ → scores [rows · kvHeads, group · length, length]
 */
export function attention(shape: AttentionShape, sequence: Sequence): Layer {
  return (qkv) =>
    layerResult((keep) => {
      const { queries, keys, values } = splitHeads(qkv, shape, sequence);
      const probabilities = keep(attentionProbabilities(queries, keys, shape, sequence));
      const mixed = product(probabilities, values);
      const kept = { queries: keep(queries), keys: keep(keys), values: keep(values), mixed: keep(mixed) };
      return {
        output: mergeHeads(mixed, shape, sequence),
        pullback: (dy) => {
          const dMixed = groupHeads(tf.reshape(dy, [-1, shape.heads, shape.headSize]), shape.keyValueHeads, sequence);
          const dValues = product(probabilities, dMixed, { transposeA: true });
          const dScores = scoresGradient(probabilities, dMixed, kept);
          const dQueries = product(dScores, kept.keys);
          const dKeys = product(dScores, kept.queries, { transposeA: true });
          return joinHeadGradients(dQueries, dKeys, dValues, shape, sequence);
        },
      };
    });
}

/** Rotated and scaled queries, rotated keys, values; each `[rows · kvHeads, (group ·) length, headSize]`. */
export function splitHeads(qkv: tf.Tensor, shape: AttentionShape, sequence: Sequence) {
  const { heads, keyValueHeads, headSize } = shape;
  const all = tf.reshape(qkv, [-1, heads + 2 * keyValueHeads, headSize]);
  const turned = rotate(tf.slice(all, [0, 0, 0], [-1, heads + keyValueHeads, -1]), sequence.rotary);
  // Scaling the queries is scaling the scores, on a much smaller tensor.
  const queries = tf.mul(tf.slice(turned, [0, 0, 0], [-1, heads, -1]), 1 / Math.sqrt(headSize));
  return {
    queries: groupHeads(queries, keyValueHeads, sequence),
    keys: groupHeads(tf.slice(turned, [0, heads, 0], [-1, keyValueHeads, -1]), keyValueHeads, sequence),
    values: groupHeads(tf.slice(all, [0, heads + keyValueHeads, 0], [-1, keyValueHeads, -1]), keyValueHeads, sequence),
  };
}

/** softmax(queries · keysᵀ + mask), `[rows · kvHeads, group · length, keys]`. */
export function attentionProbabilities(
  queries: tf.Tensor,
  keys: tf.Tensor,
  { heads }: AttentionShape,
  { rows, length, mask }: Sequence,
): tf.Tensor {
  const scores = product(queries, keys, { transposeB: true });
  const byHead = tf.reshape(scores, [rows, heads, length, -1]);
  const masked = tf.add(byHead, mask);
  // These are the largest tensors of a step: none stays longer than it is needed.
  tf.dispose([scores, byHead]);
  const probabilities = tf.softmax(masked);
  masked.dispose();
  return tf.reshape(probabilities, scores.shape);
}

/**
 * Through the softmax: dS = P ⊙ (dP − Σ P ⊙ dP), where dP = dMixed · valuesᵀ. The sums over the keys equal
 * Σ dMixed ⊙ mixed over the features (Dao et al. 2022, arXiv 2205.14135), and one more feature takes them off within the
 * product: `[dMixed | −sums] · [values | 1]ᵀ`. So nothing as large as the scores is made but the product and dS.
 */
function scoresGradient(
  probabilities: tf.Tensor,
  dMixed: tf.Tensor,
  { values, mixed }: { values: tf.Tensor; mixed: tf.Tensor },
): tf.Tensor {
  const sums = tf.sum(tf.mul(dMixed, mixed), -1, true);
  const ones = tf.ones([...values.shape.slice(0, -1), 1]);
  const centred = product(tf.concat([dMixed, tf.neg(sums)], -1), tf.concat([values, ones], -1), { transposeB: true });
  const dScores = tf.mul(probabilities, centred);
  centred.dispose();
  return dScores;
}

/** `[rows · kvHeads, group · length, headSize] → [tokens, heads · headSize]` */
export function mergeHeads(
  mixed: tf.Tensor,
  { heads, headSize }: AttentionShape,
  { rows, length }: Sequence,
): tf.Tensor {
  return tf.reshape(ungroupHeads(mixed, heads, headSize, { rows, length }), [rows * length, heads * headSize]);
}

/** `[tokens, heads, headSize] → [rows · kvHeads, heads / kvHeads · length, headSize]` */
function groupHeads(
  x: tf.Tensor,
  keyValueHeads: number,
  { rows, length }: Pick<Sequence, 'rows' | 'length'>,
): tf.Tensor {
  const [, heads, headSize] = x.shape as [number, number, number];
  const byHead = tf.transpose(tf.reshape(x, [rows, length, heads, headSize]), [0, 2, 1, 3]);
  return tf.reshape(byHead, [rows * keyValueHeads, (heads / keyValueHeads) * length, headSize]);
}

/** `[rows · kvHeads, heads / kvHeads · length, headSize] → [tokens, heads, headSize]` */
function ungroupHeads(
  x: tf.Tensor,
  heads: number,
  headSize: number,
  { rows, length }: Pick<Sequence, 'rows' | 'length'>,
): tf.Tensor {
  const byToken = tf.transpose(tf.reshape(x, [rows, heads, length, headSize]), [0, 2, 1, 3]);
  return tf.reshape(byToken, [rows * length, heads, headSize]);
}

function joinHeadGradients(
  dQueries: tf.Tensor,
  dKeys: tf.Tensor,
  dValues: tf.Tensor,
  { heads, keyValueHeads, headSize }: AttentionShape,
  sequence: Sequence,
): tf.Tensor {
  const queries = tf.mul(ungroupHeads(dQueries, heads, headSize, sequence), 1 / Math.sqrt(headSize));
  const keys = ungroupHeads(dKeys, keyValueHeads, headSize, sequence);
  const turnedBack = rotateBack(tf.concat([queries, keys], 1), sequence.rotary);
  const all = tf.concat([turnedBack, ungroupHeads(dValues, keyValueHeads, headSize, sequence)], 1);
  return tf.reshape(all, [-1, (heads + 2 * keyValueHeads) * headSize]);
}

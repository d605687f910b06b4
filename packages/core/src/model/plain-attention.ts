import * as tf from '@tensorflow/tfjs-core';
import { product } from '../engine/product.ts';
import type { AttentionShape, Mixer, Sequence } from './grouped-heads.ts';

/** Attention in tfjs's own operations, on every engine and with any mask: the plain twin of the fused kernel. */
export const mixPlainly =
  (shape: AttentionShape, sequence: Sequence): Mixer =>
  (heads, keep) => {
    const probabilities = keep(attentionProbabilities(heads.queries, heads.keys, shape, sequence));
    const mixed = product(probabilities, heads.values);
    const kept = {
      queries: keep(heads.queries),
      keys: keep(heads.keys),
      values: keep(heads.values),
      mixed: keep(mixed),
    };
    return {
      mixed,
      pullback: (dMixed) => {
        const dValues = product(probabilities, dMixed, { transposeA: true });
        const dScores = scoresGradient(probabilities, dMixed, kept);
        return {
          queries: product(dScores, kept.keys),
          keys: product(dScores, kept.queries, { transposeA: true }),
          values: dValues,
        };
      },
    };
  };

/** softmax(queries · keysᵀ + mask), `[rows · kvHeads, group · length, keys]`. */
export function attentionProbabilities(
  queries: tf.Tensor,
  keys: tf.Tensor,
  { heads }: AttentionShape,
  { rows, length, mask }: Sequence,
): tf.Tensor {
  const scores = product(queries, keys, { transposeB: true });
  const byHead = tf.reshape(scores, [rows, heads, length, -1]);
  const masked = tf.add(byHead, mask());
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

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
        const dScores = uncapped(scoresGradient(probabilities, dMixed, kept), kept, shape);
        return {
          queries: product(dScores, kept.keys),
          keys: product(dScores, kept.queries, { transposeA: true }),
          values: dValues,
        };
      },
    };
  };

/** softmax(queries · keysᵀ + mask), soft-capped where the shape says so, `[rows · kvHeads, group · length, keys]`. */
export function attentionProbabilities(
  queries: tf.Tensor,
  keys: tf.Tensor,
  { heads, softcap }: AttentionShape,
  { rows, length, mask }: Sequence,
): tf.Tensor {
  const scores = cappedScores(queries, keys, softcap);
  const byHead = tf.reshape(scores, [rows, heads, length, -1]);
  const masked = tf.add(byHead, mask());
  // These are the largest tensors of a step: none stays longer than it is needed.
  tf.dispose([scores, byHead]);
  const probabilities = tf.softmax(masked);
  masked.dispose();
  return tf.reshape(probabilities, scores.shape);
}

function cappedScores(queries: tf.Tensor, keys: tf.Tensor, softcap: number | undefined): tf.Tensor {
  const scores = product(queries, keys, { transposeB: true });
  return softcap === undefined ? scores : tf.tidy(() => tf.mul(tf.tanh(tf.div(scores, softcap)), softcap));
}

/** Through the soft cap: its slope is 1 − tanh². The scores are made again rather than kept. */
function uncapped(
  dScores: tf.Tensor,
  { queries, keys }: { queries: tf.Tensor; keys: tf.Tensor },
  { softcap }: AttentionShape,
): tf.Tensor {
  if (softcap === undefined) return dScores;
  return tf.tidy(() => {
    const capped = cappedScores(queries, keys, softcap);
    return tf.mul(dScores, tf.sub(1, tf.square(tf.div(capped, softcap))));
  });
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

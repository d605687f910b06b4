import * as tf from '@tensorflow/tfjs-core';
import { likeType, toFloat32 } from '../../tensor/bfloat16.ts';
import { product } from '../../tensor/product.ts';
import { type Layer, layerResult } from '../layers/layer.ts';
import {
  type AttentionShape,
  type GroupedHeads,
  joinGradients,
  mergeHeads,
  type Sequence,
  splitHeads,
  unmergeHeads,
} from './grouped-heads.ts';

/** What is kept of some queries' attention for the way back; `attended` is `probabilities · values`. */
export interface AttentionState extends GroupedHeads {
  readonly probabilities: tf.Tensor;
  readonly attended: tf.Tensor;
}

/**
 * Attention in tfjs's own operations, on every engine: the plain twin of the fused kernel. Always in f32 inside. It keeps
 * the probabilities, which grow with the square of the length: `blockedAttention` is for long rows.
 *
 *     queries [rows · kvHeads, group · length, headSize] · keysᵀ → scores [rows · kvHeads, group · length, length]
 */
export function plainAttention(shape: AttentionShape, sequence: Sequence): Layer {
  return (qkv) =>
    layerResult((keep) => {
      const heads = splitHeads(toFloat32(qkv), shape, sequence);
      const probabilities = keep(attentionProbabilities(heads.queries, heads.keys, shape, sequence));
      const attended = keep(product(probabilities, heads.values));
      const { queries, keys, values } = {
        queries: keep(heads.queries),
        keys: keep(heads.keys),
        values: keep(heads.values),
      };
      return {
        output: likeType(mergeHeads(attended, shape, sequence), qkv),
        pullback: (dy) => {
          const dAttended = unmergeHeads(toFloat32(dy), shape, sequence);
          const gradients = attentionGradients({ queries, keys, values, probabilities, attended }, dAttended, shape);
          return likeType(joinGradients(gradients, shape, sequence), dy);
        },
      };
    });
}

/** From the gradient by the attended values to those by queries, keys and values. */
export function attentionGradients(
  { queries, keys, values, probabilities, attended }: AttentionState,
  dAttended: tf.Tensor,
  shape: AttentionShape,
): GroupedHeads {
  const dCapped = scoresGradient(probabilities, dAttended, { values, attended });
  const dScores = uncapped(dCapped, { queries, keys }, shape);
  return {
    queries: product(dScores, keys),
    keys: product(dScores, queries, { transposeA: true }),
    values: product(probabilities, dAttended, { transposeA: true }),
  };
}

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
 * Through the softmax: dS = P ⊙ (dP − Σ P ⊙ dP), where dP = dAttended · valuesᵀ. The sums over the keys equal
 * Σ dAttended ⊙ attended over the features (Dao et al. 2022, arXiv 2205.14135), and one more feature takes them off within the
 * product: `[dAttended | −sums] · [values | 1]ᵀ`. So nothing as large as the scores is made but the product and dS.
 */
function scoresGradient(
  probabilities: tf.Tensor,
  dAttended: tf.Tensor,
  { values, attended }: { values: tf.Tensor; attended: tf.Tensor },
): tf.Tensor {
  const sums = tf.sum(tf.mul(dAttended, attended), -1, true);
  const ones = tf.ones([...values.shape.slice(0, -1), 1]);
  const centred = product(tf.concat([dAttended, tf.neg(sums)], -1), tf.concat([values, ones], -1), {
    transposeB: true,
  });
  const dScores = tf.mul(probabilities, centred);
  centred.dispose();
  return dScores;
}

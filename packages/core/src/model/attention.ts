import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../engine/engine.ts';
import { mixFused } from './fused-attention.ts';
import type { AttentionShape, GroupedHeads, Mixer, Sequence } from './grouped-heads.ts';
import { type Layer, layerResult } from './layer.ts';
import { mixPlainly } from './plain-attention.ts';
import { rotate, rotateBack } from './rotary.ts';

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
  const mix = sequence.causal && currentEngine().fusedKernels ? mixFused : mixPlainly(shape, sequence);
  return attentionWith(mix, shape, sequence);
}

/** Attention by one of its two ways, whatever the engine can do. */
export function attentionWith(mix: Mixer, shape: AttentionShape, sequence: Sequence): Layer {
  return (qkv) =>
    layerResult((keep) => {
      const { mixed, pullback } = mix(splitHeads(qkv, shape, sequence), keep);
      return {
        output: mergeHeads(mixed, shape, sequence),
        pullback: (dy) => {
          const dMixed = groupHeads(tf.reshape(dy, [-1, shape.heads, shape.headSize]), shape.keyValueHeads, sequence);
          return joinHeadGradients(pullback(dMixed), shape, sequence);
        },
      };
    });
}

/** Rotated and scaled queries, rotated keys, values; each `[rows · kvHeads, (group ·) length, headSize]`. */
export function splitHeads(qkv: tf.Tensor, shape: AttentionShape, sequence: Sequence): GroupedHeads {
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
  gradients: GroupedHeads,
  { heads, keyValueHeads, headSize }: AttentionShape,
  sequence: Sequence,
): tf.Tensor {
  const queries = tf.mul(ungroupHeads(gradients.queries, heads, headSize, sequence), 1 / Math.sqrt(headSize));
  const keys = ungroupHeads(gradients.keys, keyValueHeads, headSize, sequence);
  const turnedBack = rotateBack(tf.concat([queries, keys], 1), sequence.rotary);
  const all = tf.concat([turnedBack, ungroupHeads(gradients.values, keyValueHeads, headSize, sequence)], 1);
  return tf.reshape(all, [-1, (heads + 2 * keyValueHeads) * headSize]);
}

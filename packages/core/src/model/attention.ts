import * as tf from '@tensorflow/tfjs-core';
import { currentEngine } from '../engine/engine.ts';
import { mixFused } from './fused-attention.ts';
import type { AttentionShape, GroupedHeads, Mixer, Sequence } from './grouped-heads.ts';
import { type Layer, layerResult } from './layer.ts';
import { mixPlainly } from './plain-attention.ts';
import { rotate, rotateBack } from './rotary.ts';

/**
 * Attention over a joined `[tokens, q | k | v]`, giving `[tokens, heads · headSize]`.
 * The query heads of a group are stacked along the length, so that a group is one product with its key head:
 *
 *     queries [rows · kvHeads, group · length, headSize] · keysᵀ → scores [rows · kvHeads, group · length, length]
 */
export function attention(shape: AttentionShape, sequence: Sequence): Layer {
  const mix = fuses(shape, sequence) ? mixFused : mixPlainly(shape, sequence);
  return attentionWith(mix, shape, sequence);
}

/** The kernel knows neither spans nor soft-capping. */
const fuses = ({ softcap }: AttentionShape, { spans }: Sequence): boolean =>
  currentEngine().fusedKernels && !spans && softcap === undefined;

const scaleOf = ({ scale, headSize }: AttentionShape): number => scale ?? 1 / Math.sqrt(headSize);

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
  const unturned = tf.slice(all, [0, 0, 0], [-1, heads + keyValueHeads, -1]);
  const turned = sequence.rotary ? rotate(unturned, sequence.rotary) : unturned;
  // Scaling the queries is scaling the scores, on a much smaller tensor.
  const queries = tf.mul(tf.slice(turned, [0, 0, 0], [-1, heads, -1]), scaleOf(shape));
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

function joinHeadGradients(gradients: GroupedHeads, shape: AttentionShape, sequence: Sequence): tf.Tensor {
  const { heads, keyValueHeads, headSize } = shape;
  const queries = tf.mul(ungroupHeads(gradients.queries, heads, headSize, sequence), scaleOf(shape));
  const turned = tf.concat([queries, ungroupHeads(gradients.keys, keyValueHeads, headSize, sequence)], 1);
  const unturned = sequence.rotary ? rotateBack(turned, sequence.rotary) : turned;
  const all = tf.concat([unturned, ungroupHeads(gradients.values, keyValueHeads, headSize, sequence)], 1);
  return tf.reshape(all, [-1, (heads + 2 * keyValueHeads) * headSize]);
}

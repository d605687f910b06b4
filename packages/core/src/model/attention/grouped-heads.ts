import * as tf from '@tensorflow/tfjs-core';
import { type Rotary, rotate, rotateBack } from './rotary.ts';
import type { AttentionSpans, Grid } from './spans.ts';

/** Grouped-query attention: `heads / keyValueHeads` query heads share one key and value head. */
export interface AttentionShape {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Factor of the scores, 1/√headSize by default. */
  readonly scale?: number | undefined;
  /** Scores go through `softcap · tanh(score / softcap)` (Gemma 2), between the scale and the mask. */
  readonly softcap?: number | undefined;
}

/** What the layers need to know about the tokens in front of them. */
export interface Sequence extends Grid {
  /** Absent where positions are not told by rotation. */
  readonly rotary?: Rotary | undefined;
  /** What the tokens see, absent where it is all that came before them. */
  readonly spans?: AttentionSpans | undefined;
  /**
   * `maskOf(sequence, spans)`, asked for only by what reads it: it grows with the square of the length. Attention with a
   * cache has a mask of its own, `[rows, 1, length, keys]`.
   */
  readonly mask: () => tf.Tensor;
}

export const attentionScale = ({ scale, headSize }: AttentionShape): number => scale ?? 1 / Math.sqrt(headSize);

/**
 * Queries, rotated and scaled, `[rows · kvHeads, group · length, headSize]`: the heads of a group are stacked along the
 * length, so that a group is one product with its key head. Rotated keys, and values, without the group.
 */
export interface GroupedHeads {
  readonly queries: tf.Tensor;
  readonly keys: tf.Tensor;
  readonly values: tf.Tensor;
}

/** `[tokens, q | k | v]`, taken apart. */
export function splitHeads(qkv: tf.Tensor, shape: AttentionShape, sequence: Sequence): GroupedHeads {
  const { heads, keyValueHeads, headSize } = shape;
  const all = tf.reshape(qkv, [-1, heads + 2 * keyValueHeads, headSize]);
  const unturned = tf.slice(all, [0, 0, 0], [-1, heads + keyValueHeads, -1]);
  const turned = sequence.rotary ? rotate(unturned, sequence.rotary) : unturned;
  // Scaling the queries is scaling the scores, on a much smaller tensor.
  const queries = tf.mul(tf.slice(turned, [0, 0, 0], [-1, heads, -1]), attentionScale(shape));
  return {
    queries: groupHeads(queries, keyValueHeads, sequence),
    keys: groupHeads(tf.slice(turned, [0, heads, 0], [-1, keyValueHeads, -1]), keyValueHeads, sequence),
    values: groupHeads(tf.slice(all, [0, heads + keyValueHeads, 0], [-1, keyValueHeads, -1]), keyValueHeads, sequence),
  };
}

/** The gradient by `[tokens, q | k | v]`, from those by its parts. */
export function joinGradients(gradients: GroupedHeads, shape: AttentionShape, sequence: Sequence): tf.Tensor {
  const { heads, keyValueHeads, headSize } = shape;
  const queries = tf.mul(ungroupHeads(gradients.queries, heads, headSize, sequence), attentionScale(shape));
  const turned = tf.concat([queries, ungroupHeads(gradients.keys, keyValueHeads, headSize, sequence)], 1);
  const unturned = sequence.rotary ? rotateBack(turned, sequence.rotary) : turned;
  const all = tf.concat([unturned, ungroupHeads(gradients.values, keyValueHeads, headSize, sequence)], 1);
  return tf.reshape(all, [-1, (heads + 2 * keyValueHeads) * headSize]);
}

/** `[rows · kvHeads, group · length, headSize] → [tokens, heads · headSize]` */
export function mergeHeads(attended: tf.Tensor, { heads, headSize }: AttentionShape, grid: Grid): tf.Tensor {
  return tf.reshape(ungroupHeads(attended, heads, headSize, grid), [grid.rows * grid.length, heads * headSize]);
}

/** The way back of `mergeHeads`. */
export function unmergeHeads(dy: tf.Tensor, { heads, keyValueHeads, headSize }: AttentionShape, grid: Grid): tf.Tensor {
  return groupHeads(tf.reshape(dy, [-1, heads, headSize]), keyValueHeads, grid);
}

/** `[tokens, heads, headSize] → [rows · kvHeads, heads / kvHeads · length, headSize]` */
function groupHeads(x: tf.Tensor, keyValueHeads: number, { rows, length }: Grid): tf.Tensor {
  const [, heads, headSize] = x.shape as [number, number, number];
  const byHead = tf.transpose(tf.reshape(x, [rows, length, heads, headSize]), [0, 2, 1, 3]);
  return tf.reshape(byHead, [rows * keyValueHeads, (heads / keyValueHeads) * length, headSize]);
}

/** `[rows · kvHeads, heads / kvHeads · length, headSize] → [tokens, heads, headSize]` */
function ungroupHeads(x: tf.Tensor, heads: number, headSize: number, { rows, length }: Grid): tf.Tensor {
  const byToken = tf.transpose(tf.reshape(x, [rows, heads, length, headSize]), [0, 2, 1, 3]);
  return tf.reshape(byToken, [rows * length, heads, headSize]);
}

import type * as tf from '@tensorflow/tfjs-core';
import type { Keep } from './layer.ts';
import type { Rotary } from './rotary.ts';
import type { Spans } from './spans.ts';

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
export interface Sequence {
  readonly rows: number;
  readonly length: number;
  /** Absent where positions are not told by rotation. */
  readonly rotary?: Rotary | undefined;
  /** What the tokens see, absent where it is all that came before them. */
  readonly spans?: Spans | undefined;
  /**
   * `maskOf(sequence, spans)`, asked for only by what reads it: it grows with the square of the length. Attention with a
   * cache has a mask of its own, `[rows, 1, length, keys]`.
   */
  readonly mask: () => tf.Tensor;
}

/** Queries `[rows · kvHeads, group · length, headSize]`, rotated and scaled; keys and values without the group. */
export interface GroupedHeads {
  readonly queries: tf.Tensor;
  readonly keys: tf.Tensor;
  readonly values: tf.Tensor;
}

/** softmax(queries · keysᵀ + mask) · values, shaped like the queries, and the way back from its gradient. */
export type Mixer = (
  heads: GroupedHeads,
  keep: Keep,
) => { readonly mixed: tf.Tensor; readonly pullback: (dMixed: tf.Tensor) => GroupedHeads };

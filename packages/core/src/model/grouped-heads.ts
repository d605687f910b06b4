import type * as tf from '@tensorflow/tfjs-core';
import type { Keep } from './layer.ts';
import type { Rotary } from './rotary.ts';

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
  /**
   * Added to the scores, `[1 or rows, 1, length, keys]`: 0 where a token may look, a large negative number elsewhere.
   * Asked for only by what reads it: it grows with the square of the length.
   */
  readonly mask: () => tf.Tensor;
  /** The mask is `causalMask(length)` and nothing else, which kernels of our own do not read. */
  readonly causal: boolean;
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

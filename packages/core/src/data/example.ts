/** Rows on their way from words to ids. Plain arrays: no tensors here. */

/** What a token is to the loss. Padding has none of these. */
export type TokenClass = 'bos' | 'template' | 'system' | 'user' | 'tool' | 'assistant';

/** One example in ids. All arrays have the same length. */
export interface TokenizedExample {
  readonly ids: readonly number[];
  /** `weights[i]` is the weight of `ids[i]` as a target (before the shift). `weights[0]` is 0: nothing predicts it. */
  readonly weights: readonly number[];
  readonly classes: readonly TokenClass[];
  /** Ids before this index are the prompt: exactly what generation starts from. */
  readonly promptLength: number;
  /** Tokens that were cut to fit `maxLength`. */
  readonly cutTokens: number;
}

/**
 * Examples side by side, padded at the end to one length, shifted by one once and for all:
 * position `i` sees `inputIds[i]` and is to predict `targetIds[i]` with `targetWeights[i]`.
 *
 *     ids      a b c d          inputIds   a b c 0
 *     weights  0 1 2 3     →    targetIds  b c d 0
 *                               weights    1 2 3 0
 *
 * Every array is row-major, `rows × length`.
 */
export interface Batch {
  readonly rows: number;
  readonly length: number;
  readonly inputIds: Int32Array;
  readonly targetIds: Int32Array;
  readonly targetWeights: Float32Array;
  /** 0 no target (padding, template, BOS) · 1 prompt · 2 completion; index of {@link TargetClass}. */
  readonly targetClasses: Uint8Array;
  /** Position of each input in its own example: 0, 1, 2 … ; 0 at padding. */
  readonly positions: Int32Array;
  /** Number of the example within the batch each input belongs to; -1 at padding. */
  readonly exampleIds: Int32Array;
  /** Real tokens (padding left out): the sum of the examples' lengths before the shift. */
  readonly tokens: number;
}

/** To which mean a target's loss belongs. Template tokens belong to neither, whatever their weight. */
export const TargetClass = { none: 0, prompt: 1, completion: 2 } as const;

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

/** Examples by number: in an array, or in a file when there are many. */
export interface Examples {
  readonly length: number;
  at(i: number): TokenizedExample | undefined;
}

/**
 * Examples side by side, padded at the end to one length, shifted by one once and for all:
 * position `i` sees `inputIds[i]` and is to predict `targetIds[i]` with `targetWeights[i]`.
 * The last id of an example is a target only, so a batch is one shorter than its longest example.
 *
 *     ids      a b c d  │  e f          inputIds   a b c  │  e 0 0
 *     weights  0 1 2 3  │  0 1     →    targetIds  b c d  │  f 0 0
 *                                       weights    1 2 3  │  1 0 0
 *
 * Every array is row-major, `rows × length`.
 */
export interface Batch {
  readonly rows: number;
  readonly length: number;
  readonly inputIds: Int32Array;
  readonly targetIds: Int32Array;
  readonly targetWeights: Float32Array;
  /** To which mean each target belongs: a value of {@link TargetClass}. */
  readonly targetClasses: Uint8Array;
  /** Position of each input in its own example: 0, 1, 2 … ; 0 at padding. */
  readonly positions: Int32Array;
  /** Number of the example within the batch each input belongs to; -1 at padding. */
  readonly exampleIds: Int32Array;
  /** Real tokens (padding left out): the sum of the examples' lengths before the shift. */
  readonly tokens: number;
}

/**
 * To which mean a target's loss belongs, whatever its weight: `prompt` what system, user and tool say, `completion`
 * what the assistant says. `none` is padding, BOS, template text, and assistant text that its recipe gives weight 0
 * (a few-shot example).
 */
export const TargetClass = { none: 0, prompt: 1, completion: 2 } as const;

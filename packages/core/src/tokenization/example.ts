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
 * A row may hold several examples. Each sees itself only, its positions restart, and what all of them begin with may
 * stand once at the front of the row, where every one of them sees it:
 *
 *     p q r a b   │  prefix 2      inputIds   p q │ r a │ r c d      positions  0 1 │ 2 3 │ 2 3 4
 *     p q r c d e │           →    targetIds  q r │ a b │ c d e      starts     0 0 │ 2 2 │ 4 4 4
 *
 * The prefix ends before r, which has two targets: see {@link PackedRow}.
 *
 * Every array is row-major, `rows × length`.
 */
export interface Batch {
  readonly rows: number;
  readonly length: number;
  readonly inputIds: Int32Array;
  readonly targetIds: Int32Array;
  readonly targetWeights: Float32Array;
  /** Who says each target: a value of {@link TargetClass}. */
  readonly targetClasses: Uint8Array;
  /** For how many examples a target stands: 1, or as many as share it; 0 at padding. Its weight is the sum of theirs. */
  readonly targetCounts: Int32Array;
  /** Position of each input in its own example: 0, 1, 2 … ; 0 at padding. */
  readonly positions: Int32Array;
  /**
   * Number of the example within the batch each input belongs to; -1 at padding. What is shared belongs to
   * `targetCounts[i]` examples from this number on: those of a row are numbered one after the other.
   */
  readonly exampleIds: Int32Array;
  /**
   * What each input sees of its row: the places `[0, prefixes[row])` and `[starts[i], i]`, itself at least. Absent where
   * no row holds more than one example, and an input sees all that came before it.
   */
  readonly spans?: { readonly starts: Int32Array; readonly prefixes: Int32Array } | undefined;
  /** Real tokens (padding left out): the sum of the examples' lengths before the shift, shared or not. */
  readonly tokens: number;
}

/** Examples that lie in one row of a batch; the first `prefix` of their tokens are the same and stand there once. */
export interface PackedRow<Example> {
  readonly examples: readonly Example[];
  /**
   * Less than what the examples have in common: the last common token begins each example's own part, because what it
   * is to predict differs. So a prefix is the same in its targets too, in their weights and classes.
   */
  readonly prefix: number;
}

/**
 * Who says a target, and so to which mean its loss belongs, whatever its weight. `none` is padding, BOS, template text,
 * and assistant text that its recipe gives weight 0 (a few-shot example).
 */
export const TargetClass = { none: 0, system: 1, user: 2, tool: 3, assistant: 4 } as const;

export type TargetRole = Exclude<keyof typeof TargetClass, 'none'>;

/** What system, user and tool say is the prompt, what the assistant says is the completion. */
export const isPrompt = (targetClass: number | undefined): boolean =>
  targetClass === TargetClass.system || targetClass === TargetClass.user || targetClass === TargetClass.tool;

export const isCompletion = (targetClass: number | undefined): boolean => targetClass === TargetClass.assistant;

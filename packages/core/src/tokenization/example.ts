/** Rows on their way from words to ids: typed from the beginning, and no tensors here. */

/**
 * What a token is to the loss: the byte that stands for its role in examples, in files and in batches. `bos` and
 * `template` (the text around turns) are nobody's; `padding` is in batches only.
 */
export const TokenRole = { padding: 0, bos: 1, template: 2, system: 3, user: 4, tool: 5, assistant: 6 } as const;

/** The role of a token that is one. */
export type TokenRoleName = Exclude<keyof typeof TokenRole, 'padding'>;

/** A role whose losses have a mean of their own. */
export type TargetRole = Exclude<TokenRoleName, 'bos' | 'template'>;

const NAMES = Object.keys(TokenRole) as (keyof typeof TokenRole)[];

export const roleName = (role: number): TokenRoleName => NAMES[role] as TokenRoleName;

/** What system, user and tool say is the prompt, */
export const isPrompt = (role: number | undefined): boolean =>
  role === TokenRole.system || role === TokenRole.user || role === TokenRole.tool;

/** what the assistant says is the completion: that of a few-shot example too, which has weight 0. */
export const isCompletion = (role: number | undefined): boolean => role === TokenRole.assistant;

/** One example in ids. The three arrays have the same length; nothing in them depends on loss weights. */
export interface TokenizedExample {
  readonly ids: Int32Array;
  /** A {@link TokenRole} for each id. */
  readonly roles: Uint8Array;
  /** The weight that the recipe or the row gave the segment of each id; 1 where they gave none. */
  readonly segmentWeights: Float32Array;
  /** Ids before this index are the prompt: exactly what generation starts from. */
  readonly promptLength: number;
  /** Tokens of the prompt that were cut. */
  readonly cutTokens: number;
  /** Tokens of the answer that were cut; then it has no end-of-sequence token either. */
  readonly cutAnswerTokens: number;
}

/** An example with what decides the weights of its targets: base weight of the role × of the segment × of the row. */
export interface WeightedExample extends TokenizedExample {
  /** The base weight of each role, indexed by {@link TokenRole}. Examples share such tables. */
  readonly roleWeights: Float64Array;
  /** The row's own weight. */
  readonly rowWeight: number;
}

/** Examples by number: in an array, or in a file when there are many. */
export interface Examples {
  readonly length: number;
  /** Tokens of each example. */
  readonly lengths: readonly number[];
  at(i: number): WeightedExample | undefined;
}

/** The same examples under other base weights: nothing is read or tokenized again. */
export const withRoleWeights = (examples: Examples, roleWeights: Float64Array): Examples => ({
  ...examples,
  at(i) {
    const example = examples.at(i);
    return example && { ...example, roleWeights };
  },
});

type Arrays = Pick<TokenizedExample, 'ids' | 'roles' | 'segmentWeights'>;

/** Bytes of an example of so many tokens: 4 for each id, 4 for its segment's weight, 1 for its role. */
export const exampleBytes = (tokens: number): number => 9 * tokens;

/** The arrays of an example of so many tokens, one after the other over a buffer, from a multiple of 4 on. */
export const arraysOver = (buffer: ArrayBuffer, tokens: number, at = 0): Arrays => ({
  ids: new Int32Array(buffer, at, tokens),
  segmentWeights: new Float32Array(buffer, at + 4 * tokens, tokens),
  roles: new Uint8Array(buffer, at + 8 * tokens, tokens),
});

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
  /** Base weight of the role × of the segment × of the row, times `targetCounts`; after `normalizeStep`, divided. */
  readonly targetWeights: Float32Array;
  /** Who says each target: a {@link TokenRole}. */
  readonly targetRoles: Uint8Array;
  /** For how many examples a target stands: 1, or as many as share it; 0 at padding. Its weight is the sum of theirs. */
  readonly targetCounts: Int32Array;
  /** Position of each input in its own example: 0, 1, 2 … ; 0 at padding. */
  readonly positions: Int32Array;
  /**
   * Number of the example within the batch each input belongs to; -1 at padding. What is shared belongs to
   * `targetCounts[i]` examples from this number on: those of a row are numbered one after the other.
   */
  readonly exampleIds: Int32Array;
  /** The row's own weight of each example, by that number. */
  readonly rowWeights: Float64Array;
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
   * is to predict differs. So a prefix is the same in its targets too, in their weights and roles.
   */
  readonly prefix: number;
}

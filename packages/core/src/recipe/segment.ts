/** A row's words in pieces, and what may be said of each. */

/** Who speaks. The model learns to speak as the assistant. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** A stretch of text with one speaker. */
export interface Segment {
  readonly role: Role;
  readonly text: string;
  /** Multiplies the base weight of the segment's tokens in the loss. Default 1; 0 leaves the segment out of the loss. */
  readonly weight?: number;
  /**
   * This segment may lose text from that side when the prompt is longer than what is left beside `maxNewTokens` (a long
   * history; never the instruction). What the assistant says is never shortened.
   */
  readonly shorten?: 'start' | 'end';
  /**
   * Makes the segment a message of its own, also after one of the same role, and holds what else a chat template is to
   * be told of it: `{ tool_calls: […] }`, `{ name: 'search' }`. Plain JSON. `content: null` says that there is no text,
   * which a template may tell from an empty one.
   */
  readonly message?: Readonly<Record<string, unknown>>;
  /** Of an instruction: other words for it, in place of `text`. */
  readonly phrasings?: Phrasings;
  /** In which ways the text may be written otherwise and still ask for the same. Default: in none. */
  readonly freedom?: Freedom;
}

/**
 * Other words for an instruction, by name; what stands in `text` is the phrasing `default`. With `--phrasings all` a row is
 * trained on in one of them, but never in `heldOut`: that one is for `evaluate --perturb`, which asks in words that no
 * training has shown. Each says exactly what `text` says, with the white space around it. Segments of one row that have
 * the same names change their words together.
 */
export interface Phrasings {
  readonly heldOut: string;
  readonly [name: string]: string;
}

/**
 * What `evaluate --perturb` may do with a text because it leaves open what is asked for: code, identifiers and numbers
 * are never touched, whatever is said here.
 */
export interface Freedom {
  /** Capitals and the punctuation at its end say nothing: it is somebody's message, not a text to be translated. */
  readonly case?: boolean;
  /** It is understood with one word misspelt. */
  readonly typing?: boolean;
  /** Words that stay as they are all the same: names that the answer has to use. */
  readonly keep?: readonly string[];
  /** Parts of the text whose order says nothing, as they stand in it, one after the other: the names in a basket. */
  readonly items?: readonly string[];
  /** The part of the prompt that the segment belongs to. Parts that stand side by side may change places. */
  readonly part?: string;
}

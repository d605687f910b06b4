import type { AddedToken } from './tokenizer-json.ts';

/** Where a stretch of text stands: at the beginning of a text, or after more of it. */
export type Position = 'start' | 'continuation';

/** Text to ids and back. One interface over every tokenizer; no tensors, no files. */
export interface Tokenizer {
  /** Ids the tokenizer can produce are below this number. */
  readonly vocabularySize: number;
  /** Those that it had before tokens were added; default all. */
  readonly knownSize?: number | undefined;
  /** Begins every sequence, where the tokenizer's own settings ask for it. */
  readonly bosId: number | undefined;
  /** Ends every completion. */
  readonly eosId: number;
  /** Other ids at which generation stops. */
  readonly stopIds?: readonly number[] | undefined;
  /** Words with which a chat template ends answers that no special token ends: generation writes them, and they are no part of the answer. */
  readonly endWords?: string | undefined;
  /** Tokens that are cut out of a text before anything else happens to it. */
  readonly addedTokens?: readonly AddedToken[] | undefined;
  /**
   * Whether text after this id begins anew, as at the start: for tokenizers that put a space not only before a text, but
   * after every one of those tokens too. Undefined for all others.
   */
  readonly startsAfter?: ((id: number) => boolean) | undefined;
  /**
   * What a token adds to a text, in UTF-8: perhaps a part of a character. Undefined for special tokens and those after which
   * a text begins anew; undefined itself where tokens are no stretches of bytes, whatever stands beside them.
   */
  readonly bytesOf?: ((id: number) => Uint8Array | undefined) | undefined;
  /**
   * Of a chat template's tokenizer: the one for texts that no template writes, which begin and end as its own settings say.
   * Undefined where that is this one.
   */
  readonly ofTexts?: Tokenizer | undefined;
  /**
   * Ids of one piece of a text, without special tokens of the tokenizer's own (BOS, EOS).
   * `position` says whether the piece begins the text: a tokenizer that puts a space before a text does so only there.
   * The literals of special tokens (`<|im_start|>`) are recognised as such.
   */
  encode(piece: string, position: Position): number[];
  /**
   * The text of the ids, special tokens included except BOS and EOS, which are left out wherever they stand.
   * Decoding the concatenated ids of consecutive pieces gives the concatenated pieces, exactly, unless the tokenizer
   * itself rewrites text (Unicode normalisation, unknown characters without byte fallback, a ▁ of the text that it takes
   * for a space, a space at the beginning in place of the one that it would put there).
   * With `special: 'keep'` BOS and EOS are written as their literals, as a chat template writes them.
   * `position` (default `start`) says where the ids stand: a completion on its own is a `continuation`, and keeps the
   * space it may begin with.
   */
  decode(ids: readonly number[], position?: Position, special?: 'keep'): string;
}

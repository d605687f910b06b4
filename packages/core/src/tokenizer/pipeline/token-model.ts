import type { TokenizerJson } from '../tokenizer-json.ts';

/** The part of a tokenizer that knows tokens. */
export interface TokenModel {
  /** The ids of a piece, which is not empty. @throws {Error} where the vocabulary has no token for a part of it */
  tokenize(piece: string): readonly number[];
  /** The id of a token; undefined where it has none. */
  idOf(token: string): number | undefined;
  /** Tokens by their ids. */
  readonly tokens: readonly (string | undefined)[];
}

/** What all models are told. */
export type ModelSettings = TokenizerJson['model'];

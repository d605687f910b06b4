import type { TokenizerJson } from '../tokenizer-json.ts';
import { buildBpe } from './bpe.ts';
import { buildUnigram } from './unigram.ts';
import { buildWordLevel, buildWordPiece } from './word-piece.ts';

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

/** @throws {Error} for a model that is not known, or is not whole */
export function buildModel(settings: ModelSettings): TokenModel {
  switch (settings.type ?? guessedType(settings)) {
    case 'BPE':
      return buildBpe(settings);
    case 'Unigram':
      return buildUnigram(settings);
    case 'WordPiece':
      return buildWordPiece(settings);
    case 'WordLevel':
      return buildWordLevel(settings);
    default:
      throw new Error(`its model ${JSON.stringify(settings.type)} is not known`);
  }
}

/** Older files do not name their model. */
function guessedType({ vocab, merges, continuing_subword_prefix }: ModelSettings): string {
  if (merges) return 'BPE';
  if (Array.isArray(vocab)) return 'Unigram';
  return continuing_subword_prefix ? 'WordPiece' : 'WordLevel';
}

import { buildBpe } from './bpe.ts';
import type { ModelSettings, TokenModel } from './token-model.ts';
import { buildUnigram } from './unigram.ts';
import { buildWordLevel, buildWordPiece } from './word-piece.ts';

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

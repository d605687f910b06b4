import type { ModelSettings, TokenModel } from './token-model.ts';
import { readVocabulary } from './vocabulary.ts';

/** The longest token that fits, again and again; a word that can't be written so is unknown as a whole. */
export function buildWordPiece(settings: ModelSettings): TokenModel {
  const { ids, tokens } = readVocabulary(settings.vocab);
  const { continuing_subword_prefix, max_input_chars_per_word, unk_token } = settings;
  const prefix = continuing_subword_prefix ?? '##';
  const longest = max_input_chars_per_word ?? 100;
  const unknown = unknownToken(ids, unk_token ?? '[UNK]');
  return {
    tokens,
    idOf: (token) => ids.get(token),
    tokenize(word) {
      const characters = [...word];
      if (characters.length > longest) return [unknown()];
      const found: number[] = [];
      for (let from = 0; from < characters.length; ) {
        let to = characters.length;
        let id: number | undefined;
        for (; to > from && id === undefined; to--) {
          id = ids.get((from > 0 ? prefix : '') + characters.slice(from, to).join(''));
        }
        if (id === undefined) return [unknown()];
        found.push(id);
        from = to + 1;
      }
      return found;
    },
  };
}

/** Whole words only. */
export function buildWordLevel({ vocab, unk_token }: ModelSettings): TokenModel {
  const { ids, tokens } = readVocabulary(vocab);
  const unknown = unknownToken(ids, unk_token ?? '<unk>');
  return { tokens, idOf: (token) => ids.get(token), tokenize: (word) => [ids.get(word) ?? unknown()] };
}

function unknownToken(ids: ReadonlyMap<string, number>, token: string): () => number {
  return () => {
    const id = ids.get(token);
    if (id === undefined) throw new Error('there is no token for a part of it, and no unknown token');
    return id;
  };
}

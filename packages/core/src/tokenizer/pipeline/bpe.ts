import { type Merges, mergePairs } from './merge-pairs.ts';
import { pairTable } from './pair-table.ts';
import type { ModelSettings, TokenModel } from './token-model.ts';
import { byteTokenIds, readVocabulary } from './vocabulary.ts';

/** Words up to this length are remembered with their ids, so many at a time. */
const LONGEST_KNOWN = 64;
const MOST_KNOWN = 2 ** 16;

/** Byte pair encoding. @throws {Error} for merges of what is not in the vocabulary */
export function buildBpe(settings: ModelSettings): TokenModel {
  const { ids: vocabulary, tokens } = readVocabulary(settings.vocab);
  const merges = readMerges(settings, vocabulary);
  const charactersOf = characterIds(settings, vocabulary);
  const isWholeFirst = settings.ignore_merges === true;
  let known = new Map<string, readonly number[]>();

  const encode = (word: string): readonly number[] => {
    const whole = isWholeFirst ? vocabulary.get(word) : undefined;
    if (whole !== undefined) return [whole];
    const ids = charactersOf(word);
    return Array.from(ids.subarray(0, mergePairs(ids, ids.length, merges)));
  };

  return {
    tokens,
    idOf: (token) => vocabulary.get(token),
    tokenize(word) {
      if (word.length > LONGEST_KNOWN) return encode(word);
      let ids = known.get(word);
      if (ids) return ids;
      ids = encode(word);
      if (known.size >= MOST_KNOWN) known = new Map();
      known.set(word, ids);
      return ids;
    },
  };
}

function readMerges(settings: ModelSettings, vocabulary: ReadonlyMap<string, number>): Merges {
  const { merges = [], continuing_subword_prefix: prefix } = settings;
  const list = merges ?? [];
  const ranks = pairTable(list.length);
  const made = new Int32Array(list.length);
  const idOf = (token: string): number => {
    const id = vocabulary.get(token);
    if (id === undefined) throw new Error(`a merge makes or takes ${JSON.stringify(token)}, which is no token`);
    return id;
  };
  for (const [rank, merge] of list.entries()) {
    const [left, right, more] = typeof merge === 'string' ? merge.split(' ') : merge;
    if (left === undefined || right === undefined || more !== undefined) {
      throw new Error(`its merge ${JSON.stringify(merge)} is not one of two tokens`);
    }
    ranks.set(idOf(left), idOf(right), rank);
    made[rank] = idOf(left + (prefix ? right.slice(prefix.length) : right));
  }
  return { ranks, made };
}

/**
 * The ids of a word's characters before anything is merged: what has no token is written in bytes where there are tokens
 * for all of its bytes, else as the unknown token, and left out where there is none, as the Rust tokenizer does.
 */
function characterIds(settings: ModelSettings, vocabulary: ReadonlyMap<string, number>): (word: string) => Int32Array {
  const { continuing_subword_prefix: prefix = '', end_of_word_suffix: suffix = '', fuse_unk } = settings;
  const byteIds = settings.byte_fallback ? byteTokenIds((token) => vocabulary.get(token)) : undefined;
  const unknown = unknownId(settings, vocabulary);
  const utf8 = new TextEncoder();
  const single = new Map<string, number>();
  for (const [token, id] of vocabulary) if (token.length <= 2) single.set(token, id);

  const bytesOf = (text: string): readonly number[] | undefined => {
    if (!byteIds) return undefined;
    const ids = Array.from(utf8.encode(text), (byte) => byteIds[byte] as number);
    return ids.includes(-1) ? undefined : ids;
  };

  return (word) => {
    const ids: number[] = [];
    let pending = 0;
    const flush = () => {
      for (; pending > 0; pending--) ids.push(unknown as number);
    };
    for (let from = 0; from < word.length; ) {
      const to = from + ((word.codePointAt(from) as number) > 0xffff ? 2 : 1);
      const bare = word.slice(from, to);
      const own = prefix || suffix ? `${from > 0 ? prefix : ''}${bare}${to === word.length ? suffix : ''}` : bare;
      from = to;
      const id = own === bare ? single.get(own) : vocabulary.get(own);
      if (id !== undefined) {
        flush();
        ids.push(id);
        continue;
      }
      const bytes = bytesOf(own);
      // An unknown token that waits is written after the bytes: the reference does so.
      if (bytes) ids.push(...bytes);
      else if (unknown === -1) throw new Error('there is no token for a part of it, and its unknown token is none');
      else if (unknown !== undefined) {
        if (!fuse_unk) flush();
        pending = 1;
      }
    }
    flush();
    return Int32Array.from(ids);
  };
}

/** Undefined without an unknown token; -1 for one that is not in the vocabulary. */
function unknownId({ unk_token }: ModelSettings, vocabulary: ReadonlyMap<string, number>): number | undefined {
  return typeof unk_token === 'string' ? (vocabulary.get(unk_token) ?? -1) : undefined;
}

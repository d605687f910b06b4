import type { ModelSettings, TokenModel } from './token-model.ts';
import { buildTrie } from './trie.ts';
import { byteTokenIds } from './vocabulary.ts';

/** What an unknown character costs beyond the least likely token. */
const UNKNOWN_PENALTY = 10;

/** The most likely division of a piece into tokens, by their scores. @throws {Error} for a vocabulary that is no list */
export function buildUnigram({ vocab, unk_id, byte_fallback }: ModelSettings): TokenModel {
  if (!Array.isArray(vocab)) throw new Error('its vocabulary is no list of tokens with their scores');
  const list: readonly (readonly [string, number])[] = vocab;
  const tokens = list.map(([token]) => token);
  const scores = Float64Array.from(list, ([, score]) => score);
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const unknown = unk_id ?? undefined;
  if (unknown !== undefined && unknown >= list.length) throw new Error('its unk_id is no token of the vocabulary');
  // An empty token is never found; it keeps its id.
  const trie = buildTrie(tokens);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const byteIds = byte_fallback ? byteTokenIds((token) => ids.get(token)) : undefined;
  const utf8 = new TextEncoder();

  const bytesOf = (text: string): readonly number[] | undefined => {
    if (!byteIds) return undefined;
    const bytes = Array.from(utf8.encode(text), (byte) => byteIds[byte] as number);
    return bytes.includes(-1) ? undefined : bytes;
  };
  const spell = (text: string): readonly number[] => {
    const id = ids.get(text);
    if (id !== undefined) return [id];
    const spelled = bytesOf(text) ?? (unknown === undefined ? undefined : [unknown]);
    if (!spelled) throw new Error('there is no token for a part of it, and no unknown token');
    return spelled;
  };

  return {
    tokens,
    idOf: (token) => ids.get(token),
    tokenize(piece) {
      const path = bestPath(piece, { trie, scores, unknown: unknown ?? -1, unknownScore });
      const result: number[] = [];
      for (const text of wordsOf(piece, path, unknown)) for (const id of spell(text)) result.push(id);
      return result;
    },
  };
}

interface Scored {
  readonly trie: ReturnType<typeof buildTrie>;
  readonly scores: Float64Array;
  readonly unknown: number;
  readonly unknownScore: number;
}

/** For every place of the piece where a token may end: where the best one that ends there begins, and its id. */
interface Path {
  readonly starts: Int32Array;
  readonly ids: Int32Array;
}

function bestPath(piece: string, { trie, scores, unknown, unknownScore }: Scored): Path {
  const best = new Float64Array(piece.length + 1);
  const starts = new Int32Array(piece.length + 1).fill(-1);
  const ids = new Int32Array(piece.length + 1);
  const offer = (from: number, to: number, id: number, score: number) => {
    if (starts[to] !== -1 && score <= (best[to] as number)) return;
    best[to] = score;
    starts[to] = from;
    ids[to] = id;
  };
  for (let from = 0; from < piece.length; ) {
    const next = from + ((piece.codePointAt(from) as number) > 0xffff ? 2 : 1);
    const here = best[from] as number;
    let hasSingle = false;
    trie.prefixes(piece, from, (to, id) => {
      offer(from, to, id, (scores[id] as number) + here);
      if (to === next) hasSingle = true;
    });
    if (!hasSingle) offer(from, next, unknown, unknownScore + here);
    from = next;
  }
  return { starts, ids };
}

/** The words of the path; unknown ones that meet are one. */
function wordsOf(piece: string, { starts, ids }: Path, unknown: number | undefined): string[] {
  const words: string[] = [];
  let end = piece.length;
  for (let at = end; at > 0; ) {
    const from = starts[at] as number;
    const joins = ids[at] === (unknown ?? -1) && from > 0 && ids[from] === ids[at];
    if (!joins) {
      words.push(piece.slice(from, end));
      end = from;
    }
    at = from;
  }
  return words.reverse();
}

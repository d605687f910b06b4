import type { AddedToken } from '../tokenizer-json.ts';
import { buildTrie } from './trie.ts';
import { WHITE_SPACE, WORD } from './unicode.ts';

/** A text cut at added tokens: an id, or what lies between them, with its place. */
export type Cut = { readonly id: number } | { readonly from: number; readonly to: number };

/** An added token with the text that it is found by. */
export interface FoundToken extends AddedToken {
  readonly pattern: string;
}

const wordAtEnd = new RegExp(`${WORD}$`, 'v');
const wordAtStart = new RegExp(`^${WORD}`, 'v');
const isSpace = new RegExp(`^${WHITE_SPACE}$`, 'u');

/**
 * Cuts a text at the tokens in it: the leftmost, of those that begin at one place the longest; with the white space that
 * they take along, and only where they are whole words if they ask for that.
 */
export function addedTokenCutter(tokens: readonly FoundToken[]): (text: string) => readonly Cut[] {
  if (tokens.length === 0) return (text) => [{ from: 0, to: text.length }];
  const trie = buildTrie(tokens.map(({ pattern }) => pattern));
  const isFirst = new Uint8Array(0x10000);
  for (const { pattern } of tokens) isFirst[pattern.charCodeAt(0)] = 1;

  const longestAt = (text: string, from: number): { token: FoundToken; to: number } | undefined => {
    let found: { token: FoundToken; to: number } | undefined;
    trie.prefixes(text, from, (to, number) => {
      found = { token: tokens[number] as FoundToken, to };
    });
    return found;
  };

  return (text) => {
    const cuts: Cut[] = [];
    let done = 0;
    for (let at = 0; at < text.length; at++) {
      const found = isFirst[text.charCodeAt(at)] === 1 ? longestAt(text, at) : undefined;
      if (!found) continue;
      const { token } = found;
      const match = { from: at, to: found.to };
      // What was matched is passed over, whether it counts or not.
      at = found.to - 1;
      if (token.single_word && !isWholeWord(text, match.from, match.to)) continue;
      const from = token.lstrip ? Math.max(done, spaceBefore(text, match.from)) : match.from;
      if (done < from) cuts.push({ from: done, to: from });
      cuts.push({ id: token.id });
      done = token.rstrip ? spaceAfter(text, match.to) : match.to;
    }
    if (done < text.length) cuts.push({ from: done, to: text.length });
    return cuts;
  };
}

function isWholeWord(text: string, from: number, to: number): boolean {
  const [before, after] = [text.slice(Math.max(0, from - 2), from), text.slice(to, to + 2)];
  return !wordAtEnd.test(before) && !wordAtStart.test(after);
}

function spaceBefore(text: string, from: number): number {
  let at = from;
  while (at > 0 && isSpace.test(text[at - 1] as string)) at--;
  return at;
}

function spaceAfter(text: string, to: number): number {
  let at = to;
  while (at < text.length && isSpace.test(text[at] as string)) at++;
  return at;
}

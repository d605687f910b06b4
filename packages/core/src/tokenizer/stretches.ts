/** A stretch of a text, from and to in characters: one special token, or what lies between two. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The special token's literal; undefined for a stretch of other text. */
  readonly token: string | undefined;
  /** White space after the literal that the token takes along; it lies before `to`. */
  readonly taken: number;
}

/**
 * Cuts texts at their special tokens.
 * @param greedy those that take the white space after them along, so that it is never a token
 */
export function stretcher(specials: readonly string[], greedy: readonly string[] = []): (text: string) => Stretch[] {
  // The longest first, where one begins with another.
  const literals = [...new Set(specials)].filter((token) => token !== '').sort((a, b) => b.length - a.length);
  const anyLiteral = new RegExp(literals.map(escaped).join('|') || '$.', 'g');
  return (text) => {
    const found: Stretch[] = [];
    let at = 0;
    const put = (to: number, token?: string, taken = 0) => {
      if (to > at) found.push({ from: at, to, token, taken });
      at = Math.max(at, to);
    };
    for (const { 0: token, index } of text.matchAll(anyLiteral)) {
      put(index);
      const end = index + token.length;
      const rest = greedy.includes(token) ? text.slice(end) : '';
      const taken = rest.length - rest.trimStart().length;
      put(end + taken, token, taken);
    }
    put(text.length);
    return found;
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

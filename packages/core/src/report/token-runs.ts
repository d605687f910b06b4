/** One example of a preview: what core's `preview` gives. All arrays have one entry a token. */
export interface PreviewExample {
  readonly ids: readonly number[];
  /** Weight of `ids[i]` as a target. */
  readonly weights: readonly number[];
  readonly roles: readonly string[];
  readonly pieces: readonly string[];
  readonly text: string;
}

/** Neighbouring tokens with the same role and weight. */
export interface TokenRun {
  readonly role: string;
  readonly weight: number;
  readonly tokens: readonly { readonly id: number; readonly text: string }[];
}

export function tokenRuns({ ids, weights, roles, pieces }: PreviewExample): TokenRun[] {
  const eosId = pieces.at(-1) === '' && roles.at(-1) === 'assistant' ? ids.at(-1) : undefined;
  const runs: (TokenRun & { tokens: { id: number; text: string }[] })[] = [];
  for (const [i, id] of ids.entries()) {
    const role = roles[i] ?? '';
    const weight = weights[i] ?? 0;
    const token = {
      id,
      text: visibleText(pieces[i] ?? '', role === 'bos' ? 'bos' : id === eosId ? 'eos' : String(id)),
    };
    const last = runs.at(-1);
    if (last && last.role === role && last.weight === weight) last.tokens.push(token);
    else runs.push({ role, weight, tokens: [token] });
  }
  return runs;
}

/**
 * A token so that it can be seen, and so that it cannot steer the terminal, nor turn the direction of a page: every control
 * character has a picture.
 * `name` stands for a token without a text of its own.
 */
function visibleText(piece: string, name: string): string {
  if (piece === '') return `⟨${name}⟩`;
  return piece
    .replaceAll('\n', '↵')
    .replaceAll('\t', '⇥')
    .replace(/\p{Cc}/gu, (control) => controlPicture(control.codePointAt(0) ?? 0))
    .replace(/[\p{Bidi_Control}\u2028\u2029]/gu, (mark) => numbered(mark.codePointAt(0) ?? 0));
}

/** U+2400 … U+241F picture U+0000 … U+001F; the rest is written as a number. */
const controlPicture = (code: number): string => (code < 32 ? String.fromCodePoint(0x2400 + code) : numbered(code));

const numbered = (code: number): string => `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;

import { type Token, tokensOf } from './numbers.ts';

/**
 * Whether a hint gives the answer away, in any spelling.
 *
 * An answer that begins with a number ("72", "$1,000", "5 apples") is given away by that number anywhere in the hint, in
 * digits or words ("seventy-two", "1000.00"); its sign and unit do not matter. Any other answer is given away by all its
 * words in a row, whatever their case, accents, punctuation, spaces and hyphens ("photo-synthesis" for "photosynthesis").
 *
 * It errs on the strict side: a number that the problem itself states counts too, where it is the answer. It does not see
 * synonyms, other inflections, or an answer that can be worked out in one step.
 */
export function leaksAnswer(answer: string, hint: string): boolean {
  const secret = tokensOf(answer);
  const [first] = secret;
  if (first === undefined) return false;
  const said = tokensOf(hint);
  if (typeof first === 'number') return said.some((token) => token === first);
  return said.some((_, start) => saysFrom(said, start, secret));
}

/** Whether tokens from `start` on, written together, are the secret's tokens written together. */
function saysFrom(said: readonly Token[], start: number, secret: readonly Token[]): boolean {
  const wanted = joined(secret);
  let written = '';
  for (let at = start; at < said.length && written.length < wanted.length; at++) {
    written += joined(said.slice(at, at + 1));
    if (!wanted.startsWith(written)) return false;
  }
  return written === wanted;
}

function joined(tokens: readonly Token[]): string {
  return tokens.map((token) => (typeof token === 'number' ? `#${token}#` : token.replaceAll("'", ''))).join('');
}

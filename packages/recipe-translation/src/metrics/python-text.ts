/**
 * Text as Python's `str` methods treat it, which the reference implementations are written with. They differ from
 * JavaScript's in one thing: U+001C to U+001F and U+0085 are white space, and U+FEFF is none.
 */
const WHITE_SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const runsOfWhiteSpace = new RegExp(`[${WHITE_SPACE}]+`, 'g');
const wordsBetween = new RegExp(`[^${WHITE_SPACE}]+`, 'g');
const trailingWhiteSpace = new RegExp(`[${WHITE_SPACE}]+$`);

/** `text.split()`: the words between white space. */
export function splitWords(text: string): string[] {
  return text.match(wordsBetween) ?? [];
}

/** `''.join(text.split())` */
export function withoutWhiteSpace(text: string): string {
  return text.replace(runsOfWhiteSpace, '');
}

/** `text.rstrip()` */
export function trimEnd(text: string): string {
  return text.replace(trailingWhiteSpace, '');
}

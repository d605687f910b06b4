import {
  AFTER_UNICODE_16,
  LATER_MARKS,
  LATER_NONSPACING_MARKS,
  LATER_NORMAL_FORMS,
  LATER_PUNCTUATION,
} from './unicode-tables.ts';

/** White space by Unicode: with U+0085, without U+FEFF, unlike JavaScript's `\s`. */
export const WHITE_SPACE = '\\p{White_Space}';

/** Letters, marks, digits and connectors: `\w` of Rust's expressions. */
export const WORD = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';

export const NUMBER = '\\p{N}';

export const PUNCTUATION = `[[!-\\/:-@\\[-\`\\{-~\\p{P}\\u{166d}\\u{111c9}]--[${LATER_PUNCTUATION}]]`;

/** What `BertNormalizer` takes out as control characters. */
export const CONTROL =
  '[[\\p{Cc}\\p{Cf}\\p{Co}\\u{fffd}]--[\\t\\n\\r\\u{890}\\u{891}\\u{8e2}\\u{110cd}\\u{13430}-\\u{1343f}]]';

export const MARK = `[[\\p{M}\\u{1cf2}\\u{1cf3}]--[${LATER_MARKS}]]`;

export const NONSPACING_MARK = `[[\\p{Mn}\\u{1734}\\u{1171e}]--[${LATER_NONSPACING_MARKS}]]`;

const later = new RegExp(`[${AFTER_UNICODE_16}ʕ]`, 'gv');
const laterForms = new RegExp(`([${LATER_NORMAL_FORMS}])`, 'v');
const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/**
 * The text as expressions see it, of the same length: characters that were assigned after Unicode 16 are unassigned, and
 * U+0295, which has become a letter without case, is a small letter.
 */
export function asKnownToExpressions(text: string): string {
  if (isAscii(text)) return text;
  return text.replace(later, (character) => {
    if (character === 'ʕ') return 'ə';
    return character.length === 1 ? '\u0378' : '\u{e0080}';
  });
}

/** A normal form, in which characters that the Rust tokenizer does not know stay as they are, and part what is around them. */
export function normalForm(text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string {
  if (isAscii(text)) return text;
  const parts = text.split(laterForms);
  return parts.map((part, i) => (i % 2 === 0 ? part.normalize(form) : part)).join('');
}

/** Small letters, each character by itself: a final sigma is as any other. */
export function lowercase(text: string): string {
  if (!text.includes('Σ')) return text.toLowerCase();
  return text
    .split('Σ')
    .map((part) => part.toLowerCase())
    .join('σ');
}

import { porterStem } from './porter-stemmer.ts';

/**
 * How ROUGE cuts a text into tokens.
 * - `ascii`: rouge_score's own: lower case, everything but a–z and 0–9 separates. ASCII by definition: "café" becomes
 *   "caf", and a text without Latin letters has no tokens at all.
 * - `unicode`: NFC, lower case, runs of letters, marks and digits of any script; where words stand without spaces
 *   between them (Chinese, Japanese, Thai, Lao, Khmer, Burmese) every character is a token. Ours, for want of a reference.
 */
export type RougeTokenizer = 'ascii' | 'unicode';

export interface RougeTokenOptions {
  /** Default `ascii`. */
  readonly tokenizer?: RougeTokenizer;
  /** Porter's stems of words longer than 3 characters, as rouge_score with `use_stemmer=True`. Default true. */
  readonly stemmer?: boolean;
}

const UNSPACED = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const UNICODE_TOKEN = new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, 'gu');

export function rougeTokens(text: string, { tokenizer = 'ascii', stemmer = true }: RougeTokenOptions = {}): string[] {
  const tokens =
    tokenizer === 'ascii'
      ? (text.toLowerCase().match(/[a-z0-9]+/g) ?? [])
      : (text.normalize('NFC').toLowerCase().match(UNICODE_TOKEN) ?? []);
  return stemmer ? tokens.map((token) => (token.length > 3 && isAscii(token) ? porterStem(token) : token)) : tokens;
}

function isAscii(token: string): boolean {
  return /^[a-z0-9]+$/.test(token);
}

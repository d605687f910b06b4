/**
 * Words as the metrics of length and extraction count them: runs of letters, marks and digits, with apostrophes,
 * hyphens, dots and commas inside them, in lower case. "I'd like 3.50" has three.
 */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().replaceAll('’', "'").match(WORD) ?? [];
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['.,-][\p{L}\p{M}\p{N}]+)*/gu;

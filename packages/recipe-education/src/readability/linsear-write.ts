import { english, type ReadingLanguage } from './language.ts';
import { sentenceCount, wordsOf } from './words.ts';

export interface LinsearWriteOptions {
  /** Whether a text of fewer than 100 words scores 0. Default false. */
  readonly strictLower?: boolean;
  /** Whether only the first 100 words count. Default true: the formula is made for samples of 100 words. */
  readonly strictUpper?: boolean;
}

const SAMPLE_WORDS = 100;

/** Linsear Write: (words of up to two syllables + 3 · longer words)/sentences, less 2 up to 20, halved: a US grade. */
export function linsearWriteGrade(
  text: string,
  { strictLower = false, strictUpper = true }: LinsearWriteOptions = {},
  language: ReadingLanguage = english,
): number {
  const chunks = wordsOf(text, { remove: 'nothing' });
  const most = strictUpper ? SAMPLE_WORDS : Number.POSITIVE_INFINITY;
  const words: string[] = [];
  let end = 0;
  while (end < chunks.length && (words.length < most || chunks.length <= most))
    words.push(...wordsOf(chunks[end++] ?? ''));
  if (strictLower && words.length < SAMPLE_WORDS) return 0;
  let points = 0;
  for (const word of words) {
    const syllables = language.syllables(word.toLowerCase());
    if (syllables > 0) points += syllables >= 3 ? 3 : 1;
  }
  const sentences = sentenceCount(chunks.slice(0, end).join(' '));
  if (sentences === 0) return 0;
  const rate = points / sentences;
  return (rate <= 20 ? rate - 2 : rate) / 2;
}

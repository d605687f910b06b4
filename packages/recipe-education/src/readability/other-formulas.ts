/**
 * Readability formulas for other languages than English, as textstat 0.7.13 has them (0 for a text without words).
 * Syllables are counted by the language that the counts were made with.
 */
import type { FleschConstants } from './language.ts';
import type { TextCounts } from './text-counts.ts';
import { wordsOf } from './words.ts';

/** Spanish, Fernández Huerta 1959: 206.84 − 60 · syllables/words − 1.02 · words/sentences; easy texts score high. */
export function fernandezHuerta({ sentences, words, syllables }: TextCounts): number {
  if (words === 0 || syllables === 0) return 0;
  return 206.84 - 60 * (syllables / words) - 1.02 * (words / sentences);
}

/** Spanish, Szigriszt Pazos 1993: the language's Flesch base − 62.3 · syllables/words − words/sentences. */
export function szigrisztPazos({ sentences, words, syllables }: TextCounts, { base }: FleschConstants): number {
  if (words === 0) return 0;
  return base - 62.3 * (syllables / words) - words / sentences;
}

/** Spanish, Gutiérrez de Polini 1972: 95.2 − 9.7 · letters/words − 0.35 · words/sentences. */
export function gutierrezPolini({ sentences, words, letters }: TextCounts): number {
  if (words === 0 || letters === 0) return 0;
  return 95.2 - 9.7 * (letters / words) - 0.35 * (words / sentences);
}

/** Spanish, Crawford 1985: years of schooling, from sentences and syllables per 100 words. */
export function crawford({ sentences, words, syllables }: TextCounts): number {
  if (words === 0 || syllables === 0) return 0;
  return -0.205 * ((100 * sentences) / words) + 0.049 * ((100 * syllables) / words) - 3.407;
}

/** Italian, Lucisano and Piemontese 1988: 89 + 300 · sentences/words − 10 · characters/chunks; easy texts score high. */
export function gulpease({ sentences, words, chunks, characters }: TextCounts): number {
  if (words === 0 || characters === 0) return 0;
  return 300 * (sentences / words) - 10 * (characters / chunks) + 89;
}

/** German, Bamberger and Vanecek 1984, one of their four formulas: an Austrian or German school grade. */
export function wienerSachtextformel(counts: TextCounts, variant: 1 | 2 | 3 | 4 = 1): number {
  const { sentences, words, polysyllables, monosyllables, longWords } = counts;
  if (words === 0) return 0;
  const ms = (100 * polysyllables) / words;
  const sl = words / sentences;
  const iw = (100 * longWords) / words;
  const es = (100 * monosyllables) / words;
  if (variant === 1) return 0.1935 * ms + 0.1672 * sl + 0.1297 * iw - 0.0327 * es - 0.875;
  if (variant === 2) return 0.2007 * ms + 0.1682 * sl + 0.1373 * iw - 2.779;
  if (variant === 3) return 0.2963 * ms + 0.1905 * sl - 1.1144;
  return 0.2744 * ms + 0.2656 * sl - 1.693;
}

const SHORT_VOWELS = ['\u064e', '\u064f', '\u0650'];
const LONG_VOWELS = new Set(['ا', 'و', 'ي']);
const TASHKEEL = /[\u064e\u064b\u064f\u064c\u0650\u064d\u0651\u0652\u0653\u0657\u0658]/g;

/**
 * Arabic, El-Haj and Rayson 2016 (OSMAN): 200.791 − 1.015 · words/sentences − 24.181 · (hard words + syllables + long words
 * + faseeh words)/words, as textstat computes it: it drops vowel marks with the punctuation before it counts.
 */
export function osman(text: string, { sentences, words }: TextCounts): number {
  if (words === 0) return 0;
  const vowelled = wordsOf(text, { remove: 'punctuation' });
  const hard = vowelled.filter((word) => (word.match(/[\u064e-\u0651\u064b-\u064d]/g)?.length ?? 0) > 5).length;
  const long = wordsOf(text.replace(TASHKEEL, ''), { remove: 'punctuation' }).filter((word) => word.length > 5).length;
  const faseeh = vowelled.filter((word) => isFaseeh(word) && arabicSyllables(word) > 5).length;
  const rates = (hard + arabicSyllables(text) + faseeh + long) / words;
  return 200.791 - 1.015 * (words / sentences) - 24.181 * rates;
}

function isFaseeh(word: string): boolean {
  return /[\u0626\u0621\u0624\u0630\u0638]|\u0648\u0627|\u0648\u0646/.test(word);
}

function arabicSyllables(text: string): number {
  const letters = wordsOf(text, { remove: 'punctuation' }).join('');
  let short = 0;
  let long = text.match(/[\u064b-\u064d\u0651]/g)?.length ?? 0;
  for (const [i, letter] of [...letters].entries()) {
    if (!SHORT_VOWELS.includes(letter)) continue;
    if (LONG_VOWELS.has(letters[i + 1] ?? '')) long += 1;
    else short += 1;
  }
  if (short === 0) short = text.replace(/[\u0627\u0649?.!,\s*]/g, '').length - 2;
  return short + 2 * long;
}

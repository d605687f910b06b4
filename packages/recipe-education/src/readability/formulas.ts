/**
 * Readability formulas for English, over the counts of a text. Every one is textstat 0.7.13's to the last bit, its
 * operations in its order: where a score stands on a whole number, its rounding decides what `standardGrade` says. Packages
 * of single formulas multiply in another order. A text without words gives 0, as there.
 */
import { english, type FleschConstants } from './language.ts';
import type { TextCounts } from './text-counts.ts';

/** Flesch 1948: about 100 (very easy) down to 0 and below (very hard). */
export function fleschReadingEase(counts: TextCounts, constants: FleschConstants = english.flesch): number {
  const { sentences, words, syllables } = counts;
  if (words === 0 || syllables === 0) return 0;
  const { base, perSentenceWord, perSyllable } = constants;
  return base - perSentenceWord * (words / sentences) - perSyllable * (syllables / words);
}

/** Kincaid et al. 1975: 0.39 · words/sentences + 11.8 · syllables/words − 15.59, a US grade. */
export function fleschKincaidGrade({ sentences, words, syllables }: TextCounts): number {
  if (words === 0 || syllables === 0) return 0;
  return 0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59;
}

/** McLaughlin 1969: 3.1291 + 1.043 · √(30 · polysyllables/sentences), a US grade; meant for 30 sentences or more. */
export function smogGrade({ sentences, polysyllables }: TextCounts): number {
  if (sentences === 0) return 0;
  return 1.043 * Math.sqrt(30 * (polysyllables / sentences)) + 3.1291;
}

/**
 * Coleman and Liau 1975, with L letters and S sentences per 100 words: 0.058 · L − 0.296 · S − 15.8, a US grade.
 * 0.058 is textstat's; the paper, and the package `coleman-liau`, have 0.0588, which adds 0.0008 · L (about 0.4 grades).
 */
export function colemanLiauGrade({ sentences, words, letters }: TextCounts): number {
  if (words === 0 || letters === 0) return 0;
  return 0.058 * ((letters / words) * 100) - 0.296 * ((sentences / words) * 100) - 15.8;
}

/**
 * Automated readability index, Smith and Senter 1967: 4.71 · characters/chunks + 0.5 · words/sentences − 21.43, a US
 * grade. Characters include punctuation, and so does what they are divided by: chunks between white space. (The package
 * `automated-readability` has one number of words for both.)
 */
export function automatedReadabilityGrade({ sentences, words, chunks, characters }: TextCounts): number {
  if (words === 0 || characters === 0) return 0;
  return 4.71 * (characters / chunks) + 0.5 * (words / sentences) - 21.43;
}

/** Dale and Chall 1948, 4.9 and below for grade 4, 9.0 to 9.9 for college; unfamiliar words whatever their length. */
export function daleChallScore({ sentences, words, unfamiliarWords }: TextCounts): number {
  if (words === 0) return 0;
  const percent = (100 * unfamiliarWords) / words;
  const score = 0.1579 * percent + 0.0496 * (words / sentences);
  return percent > 5 ? score + 3.6365 : score;
}

/** textstat's second Dale–Chall: unfamiliar words of two syllables or more, and 3.6365 added to nearly every score. */
export function daleChallScoreV2({ sentences, words, difficultWords }: TextCounts): number {
  if (words === 0) return 0;
  const raw = 0.1579 * ((100 * difficultWords) / words) + 0.0496 * (words / sentences);
  return raw > 0.05 ? raw + 3.6365 : raw;
}

/** Gunning 1952: 0.4 · (words/sentences + 100 · hard words/words), a US grade. */
export function gunningFogGrade({ sentences, words, fogWords }: TextCounts): number {
  if (words === 0) return 0;
  return 0.4 * (words / sentences + (100 * fogWords) / words);
}

/** Spache 1953: 0.141 · words/sentences + 0.086 · percent of difficult words + 0.839, a US grade up to 4. */
export function spacheGrade({ sentences, words, difficultWords }: TextCounts): number {
  if (words === 0) return 0;
  return 0.141 * (words / sentences) + 0.086 * ((100 * difficultWords) / words) + 0.839;
}

/** Björnsson 1968: words/sentences + percent of words of more than six letters. */
export function lix({ sentences, words, longWords }: TextCounts): number {
  if (words === 0) return 0;
  return words / sentences + (100 * longWords) / words;
}

/** Anderson 1983: words of more than six letters a sentence. */
export function rix({ sentences, longWords }: TextCounts): number {
  return sentences === 0 ? 0 : longWords / sentences;
}

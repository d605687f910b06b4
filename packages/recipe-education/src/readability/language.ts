import { daleChall } from 'dale-chall';
import { type Dictionary, englishSyllables, syllableCounter } from './syllables.ts';

/** Flesch reading ease = base − perSentenceWord · words/sentences − perSyllable · syllables/words. */
export interface FleschConstants {
  readonly base: number;
  readonly perSentenceWord: number;
  readonly perSyllable: number;
}

/** What the readability formulas need to know of a language. */
export interface ReadingLanguage {
  readonly flesch: FleschConstants;
  /** From how many syllables on Gunning fog calls a word hard (where it is not on the list of easy words). */
  readonly fogSyllables: number;
  /** Words that are never hard, in lower case. */
  readonly easyWords: ReadonlySet<string>;
  /** Syllables of one word in lower case. */
  syllables(word: string): number;
}

/**
 * Dale and Chall's list of easy words, as textstat has it: the package's list without "ma", the only word by which the
 * two differ.
 */
export const easyWords: ReadonlySet<string> = new Set(daleChall.filter((word) => word !== 'ma'));

export const english: ReadingLanguage = {
  flesch: { base: 206.835, perSentenceWord: 1.015, perSyllable: 84.6 },
  fogSyllables: 3,
  easyWords,
  syllables: englishSyllables,
};

/**
 * English with another copy of the CMU dictionary; `english` has NLTK's, as textstat has.
 *
 *     readability(text, englishWith('npm'));
 *     readability(text, englishWith({ path: '/home/me/nltk_data/corpora/cmudict/cmudict' }));
 * @throws {Error} saying why the file cannot be read, or what in it is no dictionary.
 */
export function englishWith(dictionary: Dictionary): ReadingLanguage {
  return { ...english, syllables: syllableCounter(dictionary) };
}

/**
 * Flesch's constants for other languages, as textstat has them (Amstad for German, Fernández Huerta for Spanish, Kandel
 * and Moles for French, Vacca and Franchina for Italian, Douma for Dutch, Oborneva for Russian). Syllables are the caller's
 * to count, with a hyphenator of theirs:
 *
 *     const german = { ...english, flesch: fleschConstants.de, syllables: (word) => … };
 *
 * As in textstat, there is no list of easy words but the English one.
 */
export const fleschConstants = {
  en: english.flesch,
  de: { base: 180, perSentenceWord: 1, perSyllable: 58.5 },
  es: { base: 206.84, perSentenceWord: 1.02, perSyllable: 60 },
  fr: { base: 207, perSentenceWord: 1.015, perSyllable: 73.6 },
  it: { base: 217, perSentenceWord: 1.3, perSyllable: 60 },
  nl: { base: 206.835, perSentenceWord: 0.93, perSyllable: 77 },
  ru: { base: 206.835, perSentenceWord: 1.3, perSyllable: 60.1 },
  hu: { base: 206.835, perSentenceWord: 1.015, perSyllable: 58.5 },
} as const satisfies Record<string, FleschConstants>;

/** Gunning fog's threshold where it is not 3, as textstat has it. */
export const fogSyllables = { en: english.fogSyllables, pl: 4, hu: 5 } as const;

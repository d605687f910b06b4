import { patterns } from './hyphenation-patterns.ts';

/** A pattern's digits, from the first that is not 0: `offset` letters into the pattern. */
interface Points {
  readonly offset: number;
  readonly values: readonly number[];
}

/** Letters a hyphen must leave on either side. */
const LEAST_LETTERS = 2;

const points = new Map<string, Points>();
let longest = 0;

/**
 * The number of stretches that hyphenation cuts an English word into, by Liang's algorithm (F. M. Liang, "Word Hy-phen-
 * a-tion by Com-put-er", 1983) with LibreOffice's American patterns, as Pyphen does: syllables of a word that no
 * dictionary has.
 * @param word in lower case.
 */
export function hyphenatedParts(word: string): number {
  if (points.size === 0) readPatterns();
  const dotted = `.${word}.`;
  const values = new Uint8Array(dotted.length + 1);
  for (let start = 0; start < dotted.length - 1; start++) {
    for (let end = start + 1; end <= Math.min(start + longest, dotted.length); end++) {
      const found = points.get(dotted.slice(start, end));
      if (!found) continue;
      for (const [i, value] of found.values.entries()) {
        const at = start + found.offset + i;
        values[at] = Math.max(values[at] ?? 0, value);
      }
    }
  }
  let parts = 1;
  // values[i] stands before dotted[i], which is letter i - 1 of the word.
  for (let i = LEAST_LETTERS + 1; i <= word.length - LEAST_LETTERS + 1; i++) if ((values[i] ?? 0) % 2 === 1) parts += 1;
  return parts;
}

/** "4b3a2" is the letters "ba" with 4 before, 3 between, 2 after: odd numbers allow a hyphen, the largest one wins. */
function readPatterns(): void {
  for (const pattern of patterns.split(' ')) {
    const letters = pattern.replace(/\d/g, '');
    const values = Array.from(pattern.matchAll(/(\d?)(\D|$)/g), ([, digit]) => Number(digit || 0));
    const offset = values.findIndex((value) => value > 0);
    if (offset < 0) continue;
    const last = values.findLastIndex((value) => value > 0);
    points.set(letters, { offset, values: values.slice(offset, last + 1) });
    longest = Math.max(longest, letters.length);
  }
}

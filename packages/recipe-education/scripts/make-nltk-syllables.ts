/**
 * Writes `src/readability/nltk-syllables.ts`: in what NLTK's copy of the CMU dictionary differs from the package
 * `cmu-pronouncing-dictionary`.
 *
 *     python -c "import nltk; nltk.download('cmudict')"
 *     node packages/recipe-education/scripts/make-nltk-syllables.ts path/to/nltk_data/corpora/cmudict
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dictionary } from 'cmu-pronouncing-dictionary';
import { readDictionaryFile, syllablesOfPhones } from '../src/readability/dictionary-file.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("Give the folder of NLTK's cmudict, with the files cmudict and README.");

const nltk = readDictionaryFile(join(folder, 'cmudict'));
const npm = new Map(
  Object.entries(dictionary)
    // A second pronunciation, `ab(2)`: never asked for.
    .filter(([word]) => !/\(\d\)$/.test(word))
    .map(([word, phones]) => [word, syllablesOfPhones(phones)]),
);
const others = [...nltk].filter(([word, syllables]) => npm.get(word) !== syllables);
const missing = [...npm.keys()].filter((word) => !nltk.has(word));
const notice = readFileSync(join(folder, 'README'), 'utf8').split('\n');
const from = (start: string) => notice.findIndex((line) => line.startsWith(start));
const licence = [
  notice[from('Copyright (C)')],
  '',
  ...notice.slice(from('Redistribution')).join('\n').trimEnd().split('\n'),
];

writeFileSync(
  new URL('../src/readability/nltk-syllables.ts', import.meta.url),
  [
    // Bundlers keep a comment that says @license.
    '/**',
    ' * @license',
    " * In what NLTK's copy of the CMU Pronouncing Dictionary (0.7a; 133,737 entries, 123,455 words) differs from the package",
    ' * `cmu-pronouncing-dictionary` 3.0.0. Made by `scripts/make-nltk-syllables.ts`. The file that NLTK has beside it says:',
    ' *',
    ...licence.map((line) => ` * ${line}`.trimEnd()),
    ' */',
    '',
    '/** Words that it counts otherwise, or that the package lacks, by their syllables. */',
    'export const otherSyllables: Readonly<Record<number, string>> = {',
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((syllables) => {
      const words = others.filter(([, count]) => count === syllables).map(([word]) => word);
      return words.length === 0 ? [] : [`  ${syllables}: ${quoted(words.sort().join(' '))},`];
    }),
    '};',
    '',
    '/** Words that the package has and it has not. */',
    `export const missing =\n  ${quoted(missing.sort().join(' '))};`,
    '',
  ].join('\n'),
);
console.log(`${nltk.size} words; ${others.length} others, ${missing.length} missing`);

function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

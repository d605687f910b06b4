/**
 * Writes `src/readability/hyphenation-patterns.ts` from LibreOffice's `hyph_en_US.dic` (and the README beside it):
 *
 *     node packages/recipe-education/scripts/make-hyphenation-patterns.ts path/to/hyph_en_US.dic path/to/README_hyph_en_US.txt
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [dictionary, readme] = process.argv.slice(2);
if (!dictionary || !readme) throw new Error('Give the paths of hyph_en_US.dic and of its README.');

const settings = /^(%|#|(COMPOUND)?(LEFT|RIGHT)HYPHENMIN)/;
const patterns = readFileSync(dictionary, 'utf8')
  .split('\n')
  .slice(1)
  .map((line) => line.trim())
  .filter((line) => line !== '' && !settings.test(line));
const notice = readFileSync(readme, 'utf8').trimEnd().split('\n');

writeFileSync(
  new URL('../src/readability/hyphenation-patterns.ts', import.meta.url),
  [
    // Bundlers keep a comment that says @license.
    '/**',
    ' * @license',
    ' * Hyphenation patterns of American English, from `hyph_en_US.dic` of LibreOffice, version 2011-10-07; one space between',
    ' * two patterns, otherwise unchanged. Made by `scripts/make-hyphenation-patterns.ts`. The file that they come with says:',
    ' *',
    ...notice.map((line) => ` * ${line.trim().replace(/http:..(tug|www)[.]ctan[.]org[/]/, 'CTAN: ')}`.trimEnd()),
    ' */',
    'export const patterns =',
    `  ${quoted(patterns.join(' '))};`,
    '',
  ].join('\n'),
);

function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

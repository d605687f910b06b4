import type { UserErrorCode } from '@counterweight/core';
import { errorMeanings } from './error-meanings.ts';
import { groupBy } from './group-by.ts';
import { plain, table } from './markdown.ts';
import { HOLE } from './read-texts.ts';
import { type Said, userErrors } from './user-errors.ts';

/** The codes; then of each what it means, and what the sources say under it: a problem and its fixes a line. */
export function errorTables(): string {
  const said = userErrors();
  const codes = Object.entries(errorMeanings) as [UserErrorCode, string][];
  const overview = codes.map(([name]) => `[\`${name}\`](#${name})`).join(' · ');
  const sections = codes.map(
    ([name, meaning]) => `## ${name}\n\n${meaning}\n\n${section(said.filter(({ code }) => code === name))}`,
  );
  return [overview, ...sections].join('\n\n');
}

function section(said: readonly Said[]): string {
  const fixes = groupBy(said.filter(says), ({ problem }) => problem);
  const rows = [...fixes]
    .map(([problem, all]) => [problem, [...new Set(all.map(({ fix }) => fix))].filter(isSaid)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return table(
    ['it says', 'what to do'],
    rows.map(([problem, all]) => [plain(problem), all.map(plain).join('<br>') || 'what the message says']),
  );
}

/** Something is known before the program runs. */
const isSaid = (text: string): boolean => /\p{L}/u.test(text.replaceAll(HOLE, ''));
const says = ({ problem }: Said): boolean => isSaid(problem);

/** Codes under which no text was found: the page would have nothing to say of them. */
export const silentCodes = (said: readonly Said[]): string[] =>
  Object.keys(errorMeanings).filter((name) => !said.some((one) => one.code === name && says(one)));

import { existsSync, readFileSync } from 'node:fs';
import { table } from './markdown.ts';

/** What `node test/publishing/first-ten-minutes.ts` has measured. */
const file = new URL('../../test/publishing/first-ten-minutes.json', import.meta.url);

interface FirstMinutes {
  /** On what, and when. */
  readonly machine: string;
  readonly date: string;
  readonly steps: readonly { readonly name: string; readonly seconds: number }[];
}

/** How long the first steps take from an empty folder; nothing before it was measured. */
export function firstMinutesTable(): string {
  if (!existsSync(file)) return '';
  const { machine, date, steps } = JSON.parse(readFileSync(file, 'utf8')) as FirstMinutes;
  const rows = steps.map(({ name, seconds }) => [name, seconds.toFixed(1)]);
  return `From an empty folder with an empty cache, without Python and compiler (${machine}, ${date}):\n\n${table(['', 'seconds'], rows)}`;
}

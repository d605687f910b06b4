import { existsSync, readFileSync } from 'node:fs';
import { table } from './markdown.ts';

/** What `node test/publishing/first-ten-minutes.ts` has measured. */
const file = new URL('../../test/publishing/first-ten-minutes.json', import.meta.url);

interface FirstMinutes {
  readonly day: string;
  readonly machine: string;
  readonly installSeconds: number;
  readonly downloadedMegabytes: number;
  readonly firstStepSeconds: number;
  readonly firstAnswerSeconds: number;
}

/** How long the first steps take from an empty folder; nothing before it was measured. */
export function firstMinutesTable(): string {
  if (!existsSync(file)) return '';
  const measured = JSON.parse(readFileSync(file, 'utf8')) as FirstMinutes;
  const rows = [
    ['to install', `${measured.installSeconds} s, ${measured.downloadedMegabytes} MB`],
    ['to a first trained step', `${measured.firstStepSeconds} s`],
    ['to a first answer', `${measured.firstAnswerSeconds} s`],
  ];
  return `From an empty folder with an empty cache, without Python and compiler (${measured.machine}, ${measured.day}):\n\n${table(['', 'measured'], rows)}`;
}

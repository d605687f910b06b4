import { readFileSync } from 'node:fs';
import type { Measured } from '../../test/publishing/first-ten-minutes.ts';
import { table } from './markdown.ts';

const file = new URL('../../test/publishing/first-ten-minutes.json', import.meta.url);

/** For the README: what a newcomer waits for, as `pnpm first-ten-minutes` measured it. */
export function tenMinutes(): string {
  const measured = JSON.parse(readFileSync(file, 'utf8')) as Measured;
  const { installSeconds, downloadedMegabytes, diskMegabytes, coreMegabytes } = measured;
  const rows = [
    ['to install', `${installSeconds} s, ${downloadedMegabytes} MB in npm's cache`],
    ['on the disk', `${diskMegabytes} MB, ${coreMegabytes} of them core, its engine and what they need`],
    ['to a first trained step', `${measured.firstStepSeconds} s`],
    ['to a first answer', `${measured.firstAnswerSeconds} s`],
  ];
  const where = `On ${measured.machine} with Node ${measured.node}, without Python or a compiler, from an empty folder and an empty cache, beside a registry on the same machine and other work (a load of ${measured.load}; ${measured.day}, \`pnpm first-ten-minutes\`):`;
  return `${where}\n\n${table(['', 'with the lines above'], rows)}`;
}

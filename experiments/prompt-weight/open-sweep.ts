import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** What makes a trial done, and what its analysis needs. */
const FILES = ['outcome.json', 'predictions.jsonl', 'done'] as const;

/** Files of trials that are done, by trial. */
type OpenSweep = Readonly<Record<string, Readonly<Record<(typeof FILES)[number], string>>>>;

const trialsIn = (sweep: string): string => join(sweep, 'trials');

/** Puts the trials of a sweep that are done into one small file: a sweep of hours need not be made in one sitting, nor on one machine. */
export function keepOpenSweep(sweep: string, file: string): void {
  const trials = existsSync(trialsIn(sweep)) ? readdirSync(trialsIn(sweep)).sort() : [];
  const done = trials.filter((trial) => existsSync(join(trialsIn(sweep), trial, 'done')));
  const kept: OpenSweep = Object.fromEntries(
    done.map((trial) => {
      const read = (name: string) => readFileSync(join(trialsIn(sweep), trial, name), 'utf8');
      return [
        trial,
        { 'outcome.json': read('outcome.json'), 'predictions.jsonl': read('predictions.jsonl'), done: read('done') },
      ];
    }),
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(JSON.stringify(kept), { level: 9 }));
}

/** Puts them back where they are missing. A trial of other options has another name, and is left alone by the sweep. */
export function restoreOpenSweep(sweep: string, file: string): void {
  if (!existsSync(file)) return;
  const kept = JSON.parse(gunzipSync(readFileSync(file)).toString()) as OpenSweep;
  for (const [trial, files] of Object.entries(kept)) {
    const folder = join(trialsIn(sweep), trial);
    if (existsSync(join(folder, 'done'))) continue;
    mkdirSync(folder, { recursive: true });
    for (const name of FILES) writeFileSync(join(folder, name), files[name]);
  }
}

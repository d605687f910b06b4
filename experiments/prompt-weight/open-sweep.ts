import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** What makes a trial done, and what its analysis needs. */
const FILES = ['outcome.json', 'predictions.jsonl', 'done'] as const;

const PLAN = 'sweep.json';

/** The plan of a sweep, and the files of its trials that are done. */
interface OpenSweep {
  readonly plan: string;
  readonly trials: Readonly<Record<string, Readonly<Record<(typeof FILES)[number], string>>>>;
}

/** Folders of this machine that a plan speaks of, by the names that they have in the file. */
export type Places = Readonly<Record<'{sweep}' | '{model}' | '{here}', string>>;

const named = (text: string, places: Places): string =>
  Object.entries(places).reduce((all, [name, path]) => all.replaceAll(path, name), text);
const placed = (text: string, places: Places): string =>
  Object.entries(places).reduce((all, [name, path]) => all.replaceAll(name, path), text);

const trialsIn = (sweep: string): string => join(sweep, 'trials');

/** Puts the trials of a sweep that are done into one small file: a sweep of hours need not be made in one sitting, nor on one machine. */
export function keepOpenSweep(file: string, places: Places): void {
  const sweep = places['{sweep}'];
  // One that could not be planned has nothing to keep.
  if (!existsSync(join(sweep, PLAN))) return;
  const trials = existsSync(trialsIn(sweep)) ? readdirSync(trialsIn(sweep)).sort() : [];
  const done = trials.filter((trial) => existsSync(join(trialsIn(sweep), trial, 'done')));
  const kept: OpenSweep = {
    plan: named(readFileSync(join(sweep, PLAN), 'utf8'), places),
    trials: Object.fromEntries(
      done.map((trial) => {
        const read = (name: string) => readFileSync(join(trialsIn(sweep), trial, name), 'utf8');
        return [
          trial,
          { 'outcome.json': read('outcome.json'), 'predictions.jsonl': read('predictions.jsonl'), done: read('done') },
        ];
      }),
    ),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(JSON.stringify(kept), { level: 9 }));
}

/**
 * Puts them back where they are missing.
 * @returns whether there is a plan to go on with: it is gone on with as it is, whatever version the packages are by now
 */
export function restoreOpenSweep(file: string, places: Places): boolean {
  const sweep = places['{sweep}'];
  if (existsSync(file)) {
    const { plan, trials } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as OpenSweep;
    if (!existsSync(join(sweep, PLAN))) writeFileSync(join(sweep, PLAN), placed(plan, places));
    for (const [trial, files] of Object.entries(trials)) {
      const folder = join(trialsIn(sweep), trial);
      if (existsSync(join(folder, 'done'))) continue;
      mkdirSync(folder, { recursive: true });
      for (const name of FILES) writeFileSync(join(folder, name), files[name]);
    }
  }
  return existsSync(join(sweep, PLAN));
}

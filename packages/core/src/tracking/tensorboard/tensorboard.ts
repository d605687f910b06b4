import { appendFile, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import type { RunDescription } from '../../run/describe-run.ts';
import { scalarsOf } from '../scalars.ts';
import { settingsOf } from '../settings.ts';
import type { TrackedRun, Tracker } from '../tracker.ts';
import { endEvent, purgeEvent, scalarsEvent, settingsEvent, textEvent, versionEvent } from './event-file.ts';

/** What event files are known by. */
const MARK = 'tfevents';

/**
 * Event files for TensorBoard: every number of steps and evaluations, the run's settings as hyperparameters and as text.
 * A run that is resumed writes a file of its own, which voids what the files before hold of later steps, so that each
 * step is shown once. Writes nothing but these files; needs no TensorBoard.
 * @param options `folder`: of many runs, each in a folder with its name; default: `tensorboard` in the run folder
 * @example
 * ```ts
 * import { fineTune, plain, tensorboard } from '@counterweight/core';
 *
 * const trackers = [tensorboard()]; // then: tensorboard --logdir runs
 * await fineTune({ recipe: plain(), model: 'org/name', data: 'rows.jsonl', output: 'runs/first', trackers });
 * ```
 */
export function tensorboard({ folder }: { readonly folder?: string | undefined } = {}): Tracker {
  let file = '';
  const write = (...records: readonly Uint8Array[]) => appendFile(file, Buffer.concat(records));
  return {
    name: 'TensorBoard',
    async begin(run) {
      const place = folder === undefined ? join(run.folder, 'tensorboard') : resolve(folder, basename(run.folder));
      await makeFolder(place);
      const before = (await readdir(place)).filter((name) => name.includes(MARK)).length;
      file = join(place, fileName(before));
      await write(versionEvent(now()), ...(before > 0 ? [purge(run)] : []), ...(run.step === 0 ? beginning(run) : []));
    },
    onEvent(event) {
      const scalars = scalarsOf(event);
      return scalars && write(scalarsEvent(now(), scalars.step, scalars.values));
    },
    end: ({ status }) => write(endEvent(now(), status)),
  };
}

/** Files are read in the order of their names: by their second, and within one by how many there were. */
const fileName = (before: number): string =>
  `events.out.${MARK}.${Math.floor(now())}.${String(before).padStart(4, '0')}.${hostname()}.${process.pid}`;

/** From the first step on that is written anew; the evaluation before training counts as step 0. */
const purge = ({ step }: TrackedRun): Uint8Array => purgeEvent(now(), step === 0 ? 0 : step + 1);

const beginning = ({ description }: TrackedRun): Uint8Array[] => {
  const settings = settingsOf(description);
  return [settingsEvent(now(), settings), textEvent(now(), 'run', asMarkdown(description, settings))];
};

const asMarkdown = ({ recipe }: RunDescription, settings: object): string =>
  [
    `A run of the recipe ${recipe.name}.`,
    '',
    '| setting | |',
    '|---|---|',
    ...Object.entries(settings).map(([name, value]) => `| ${name} | ${String(value).replaceAll('|', '\\|')} |`),
  ].join('\n');

const now = (): number => Date.now() / 1000;

import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { writeFileDurably } from '../files/durable.ts';
import { makeFolder } from '../files/make-folder.ts';
import { type SweepPlan, type Trial, trialOf } from './plan.ts';
import { readPlan } from './plan-sweep.ts';
import { allTrials } from './tuned-rates.ts';

const [PLANNED, ENDING] = ['planned', '.json'];

/** A trial that is to be done, and the file that says so: what a worker is started with. */
export interface PlannedTrial {
  readonly trial: Trial;
  /** Absolute: `SWEEP/planned/HASH.json`. */
  readonly file: string;
}

/**
 * Writes a file for every trial of a sweep that is known by now, and removes those of trials that are no part of it any
 * more. Where learning rates are found first, what is compared is known when the last of them is.
 * @returns all of them, in the order in which they are best done
 * @throws {UserError} `file-not-found` where there is no sweep
 * @example
 * ```ts
 * import { planTrials } from '@counterweight/core';
 *
 * for (const { file } of await planTrials('sweeps/first')) console.log(`counterweight worker ${file}`);
 * ```
 */
export async function planTrials(sweep: string): Promise<PlannedTrial[]> {
  const folder = join(resolve(sweep), PLANNED);
  const { tuning, compared } = await allTrials(sweep, await readPlan(sweep));
  await makeFolder(folder);
  const planned = [...tuning, ...compared].map((trial) => ({ trial, file: join(folder, `${trial.id}${ENDING}`) }));
  for (const { trial, file } of planned) {
    if (!existsSync(file)) await writeFileDurably(file, `${JSON.stringify(trial)}\n`);
  }
  const wanted = new Set(planned.map(({ file }) => basename(file)));
  for (const name of await readdir(folder)) {
    if (name.endsWith(ENDING) && !wanted.has(name)) await rm(join(folder, name), { force: true });
  }
  return planned;
}

/**
 * The sweep that a trial's file lies in, and the trial.
 * @param file `SWEEP/planned/HASH.json`; or the folder of the trial, `SWEEP/trials/HASH`
 * @throws {UserError} `file-not-found`; `file-malformed` where the file is no trial of its sweep
 * @example
 * ```ts
 * import { readPlannedTrial } from '@counterweight/core';
 *
 * const { sweep, trial } = await readPlannedTrial('sweeps/first/planned/0123456789abcdef.json');
 * console.log(sweep, trial.settings, trial.seed);
 * ```
 */
export async function readPlannedTrial(
  file: string,
): Promise<{ readonly sweep: string; readonly plan: SweepPlan; readonly trial: Trial }> {
  const given = resolve(file);
  const sweep = dirname(dirname(given));
  const path = given.endsWith(ENDING) ? given : join(sweep, PLANNED, `${basename(given)}${ENDING}`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no trial here.',
      where: path,
      fix: 'Name a file in the folder `planned` of a sweep, which counterweight sweep plan writes.',
    });
  }
  const plan = await readPlan(sweep);
  const trial = parseTrial(text);
  if (trial && trialOf(plan, trial).id === basename(path, ENDING)) return { sweep, plan, trial };
  throw new UserError({
    code: 'file-malformed',
    problem: 'The file is no trial of the sweep that it lies in.',
    where: path,
    fix: 'Plan the sweep again with the same options: trials that are done stay done.',
  });
}

function parseTrial(text: string): Trial | undefined {
  try {
    const trial = JSON.parse(text) as Trial;
    return typeof trial.settings === 'object' && typeof trial.seed === 'number' ? trial : undefined;
  } catch {
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { counterweightHome, planTrials, type SharedTrials } from '@counterweight/core';
import { makeFolder, UserError, waitForLock } from '@counterweight/core/files';
import { download, type Environment, fileIn, listObjects, openPlace, type Place } from './bucket.ts';
import { upload } from './files.ts';
import { RESULTS, storedTrials } from './stored-trials.ts';

/** A sweep in object storage, and what this machine has of it. */
export interface StoredSweep {
  /** Its folder here: what a sweep's functions take. */
  readonly folder: string;
  /** For work at it: `shared` of core's `SweepOptions`. */
  readonly trials: SharedTrials;
  /** Brings here its plan, and what its trials have come to so far. @throws {UserError} `file-not-found` where there is none */
  pull(): Promise<void>;
  /** Brings there what was planned here. */
  pushPlan(): Promise<void>;
  /** Brings there what was reported here. */
  pushReport(): Promise<void>;
}

const PLAN = 'sweep.json';
const REPORTS = ['analysis.json', 'report.html'];

/**
 * Opens a sweep at `s3://bucket/key`, which machines can work at that see no folder together. Access as for {@link fetchOnce}.
 * @throws {UserError} `option-invalid` where access is not set
 * @example
 * ```ts
 * import { reportSweep } from '@counterweight/core';
 * import { openStoredSweep } from '@counterweight/launch';
 *
 * const { folder, pull } = await openStoredSweep('s3://lab/sweeps/first');
 * await pull();
 * console.log((await reportSweep(folder)).lines.join('\n'));
 * ```
 */
export async function openStoredSweep(
  url: string,
  { env = process.env, signal }: { readonly env?: Environment; readonly signal?: AbortSignal | undefined } = {},
): Promise<StoredSweep> {
  const place = openPlace(url, env);
  const { key, store } = place;
  const hash = createHash('sha256').update(`${store.endpoint} ${key}`).digest('hex');
  const folder = join(counterweightHome(), 'sweeps', hash.slice(0, 16));
  await makeFolder(folder);
  const push = async (names: readonly string[]) => {
    for (const name of names) await upload(store, `${key}/${name}`, join(folder, name));
  };
  return {
    folder,
    trials: storedTrials(place, signal),
    async pull() {
      // Of all processes of this machine one at a time.
      const lock = await waitForLock(join(folder, '.pull'), signal);
      try {
        await pullInto(folder, place, signal);
      } finally {
        await lock.release();
      }
    },
    async pushPlan() {
      const planned = (await planTrials(folder)).map(({ file }) => `planned/${basename(file)}`);
      await push([...planned, PLAN]);
    },
    pushReport: () => push(REPORTS),
  };
}

async function pullInto(folder: string, place: Place, signal: AbortSignal | undefined): Promise<void> {
  const { key, store, url } = place;
  const names = new Set((await listObjects(place, `${key}/`)).map(({ Key }) => Key.slice(key.length + 1)));
  if (!names.has(PLAN)) {
    // One that was there before is no sweep any more.
    await rm(join(folder, PLAN), { force: true });
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no sweep here.',
      where: url,
      fix: `Plan one: counterweight sweep plan --output ${url}.`,
    });
  }
  const bring = (name: string) => download(store, `${key}/${name}`, fileIn(folder, name), signal);
  await bring(PLAN);
  for (const trial of new Set([...names].flatMap((name) => /^trials\/([^/]+)\//.exec(name)?.[1] ?? []))) {
    const [own, done, failed] = [`trials/${trial}`, `trials/${trial}/done`, `trials/${trial}/failed.json`];
    if (names.has(done)) {
      if (!existsSync(join(folder, done))) for (const name of RESULTS) await bring(`${own}/${name}`);
    } else if (names.has(failed)) await bring(failed);
    else await rm(fileIn(folder, failed), { force: true });
  }
  await planTrials(folder);
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { counterweightHome, failTrial, planTrials, type SharedTrials } from '@counterweight/core';
import { makeFolder, UserError, waitForLock } from '@counterweight/core/files';
import { download, downloadIfThere, type Environment, fileIn, listObjects, openPlace, type Place } from './bucket.ts';
import { upload } from './files.ts';
import type { LaunchRecord } from './launch-record.ts';
import { LAUNCHES, type LaunchedSweep, lostLaunches } from './launched-sweep.ts';
import { takeLease } from './object-lease.ts';
import { PATIENCE_SECONDS } from './reach-store.ts';
import { RESULTS, storedTrials } from './stored-trials.ts';

/** A sweep in object storage, and what this machine has of it. */
export interface StoredSweep extends LaunchedSweep {
  /** For work at it: `shared` of core's `SweepOptions`. */
  readonly trials: SharedTrials;
  /** Brings here its plan, and what its trials have come to so far. @throws {UserError} `file-not-found` where there is none */
  pull: LaunchedSweep['pull'];
  /** Brings there what was planned here. */
  pushPlan(): Promise<void>;
  /** Brings there what was reported here. */
  pushReport(): Promise<void>;
}

export interface StoreOptions {
  /** Access; default is that of the process. */
  readonly env?: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Nobody looks on: a store that does not answer is waited for, two minutes instead of some seconds. */
  readonly isAlone?: boolean | undefined;
}

const PLAN = 'sweep.json';
/** To list a sweep costs little, and not nothing. */
const LOOK_SECONDS = 2;
const REPORTS = ['analysis.json', 'report.html'];

/**
 * Opens a sweep at `s3://bucket/key`, which machines can work at that see no folder together. Access as for {@link fetchOnce}.
 * @throws {UserError} `option-invalid` where access is not set; its functions `storage-unreachable` and `storage-refused`
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
  { env = process.env, signal, isAlone = false }: StoreOptions = {},
): Promise<StoredSweep> {
  const { alone, watched } = PATIENCE_SECONDS;
  const place = openPlace(url, env, { signal, patienceSeconds: isAlone ? alone : watched });
  const { key, store } = place;
  const hash = createHash('sha256').update(`${store.endpoint} ${key}`).digest('hex');
  const folder = join(counterweightHome(), 'sweeps', hash.slice(0, 16));
  await makeFolder(folder);
  const push = async (names: readonly string[]) => {
    for (const name of names) await upload(store, `${key}/${name}`, join(folder, name));
  };
  const name = `s3://${place.bucket}/${key}`;
  return {
    name,
    folder,
    isShared: false,
    lookSeconds: LOOK_SECONDS,
    // Who has trained for hours waits before it leaves what it has.
    trials: storedTrials(openPlace(url, env, { signal, patienceSeconds: alone }), signal),
    itemOf: ({ file }) => `${name}/planned/${basename(file)}`,
    async pull() {
      const names = await namesIn(place);
      // Of all processes of this machine one at a time, and none while it waits for a store that is away.
      const lock = await waitForLock(join(folder, '.pull'), signal);
      try {
        return await pullInto(folder, place, names, signal);
      } finally {
        await lock.release();
      }
    },
    async fail(trial, message) {
      await failTrial(folder, trial, message);
      await push([`trials/${trial.id}/failed.json`]);
    },
    takeLaunches: () => takeLease<LaunchRecord>(place, `${key}/${LAUNCHES}`, lostLaunches),
    async pushPlan() {
      const planned = (await planTrials(folder)).map(({ file }) => `planned/${basename(file)}`);
      await push([...planned, PLAN]);
    },
    pushReport: () => push(REPORTS),
  };
}

async function namesIn(place: Place): Promise<ReadonlySet<string>> {
  const start = `${place.key}/`;
  return new Set((await listObjects(place, start)).map(({ Key }) => Key.slice(start.length)));
}

async function pullInto(
  folder: string,
  place: Place,
  names: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<(trial: { readonly id: string }) => boolean> {
  const { key, url } = place;
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
  const bring = (name: string) => download(place, `${key}/${name}`, fileIn(folder, name), signal);
  await bring(PLAN);
  for (const trial of new Set([...names].flatMap((name) => /^trials\/([^/]+)\//.exec(name)?.[1] ?? []))) {
    const [own, done, failed] = [`trials/${trial}`, `trials/${trial}/done`, `trials/${trial}/failed.json`];
    if (names.has(done)) {
      if (!existsSync(join(folder, done))) for (const name of RESULTS) await bring(`${own}/${name}`);
    } else {
      // One that is asked for again may have come to its end since.
      const file = fileIn(folder, failed);
      const isThere = names.has(failed) && (await downloadIfThere(place, `${key}/${failed}`, file, signal));
      if (!isThere) await rm(file, { force: true });
    }
  }
  await planTrials(folder);
  // What was done here may not have been brought there yet.
  return ({ id }) => names.has(`trials/${id}/done`);
}

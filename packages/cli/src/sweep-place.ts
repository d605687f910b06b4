import { basename, join, resolve } from 'node:path';
import { isObjectUrl, openStoredSweep, type StoredSweep } from '@counterweight/launch';
import type { Context } from './command.ts';
import { optionError } from './option-error.ts';

/** Where a sweep lies. */
export interface SweepPlace {
  /** As other processes find it: an absolute path, or `s3://bucket/key`. */
  readonly name: string;
  /** Its folder on this machine. */
  readonly folder: string;
  /** What keeps that folder the same as object storage, where the sweep lies there. */
  readonly stored?: StoredSweep;
}

type Here = Pick<Context, 'cwd' | 'env' | 'signal'>;

/**
 * A place for a sweep, whether there is one or not.
 * @param isAlone nobody looks on: object storage that does not answer is waited for
 */
export async function openSweepPlace(given: string, { cwd, env, signal }: Here, isAlone = false): Promise<SweepPlace> {
  if (!isObjectUrl(given)) return { name: resolve(cwd, given), folder: resolve(cwd, given) };
  const stored = await openStoredSweep(given, { env, signal, isAlone });
  return { name: stored.name, folder: stored.folder, stored };
}

/** A sweep that was planned, with all that has become of it so far. @throws {UserError} `file-not-found` */
export async function openPlannedSweep(given: string, here: Here, isAlone = false): Promise<SweepPlace> {
  const place = await openSweepPlace(given, here, isAlone);
  await place.stored?.pull();
  return place;
}

/** The file of a trial on this machine, and, of one in object storage, the sweep that it is of. */
export async function openTrialFile(given: string, here: Here): Promise<{ file: string; place?: SweepPlace }> {
  if (!isObjectUrl(given)) return { file: resolve(here.cwd, given) };
  const [, sweep, folder, trial] = /^(.+)\/(planned|trials)\/([^/]+)\/*$/.exec(given) ?? [];
  if (sweep === undefined || folder === undefined || trial === undefined) {
    throw optionError('This names no trial of a sweep', given, 'Write s3://BUCKET/SWEEP/planned/HASH.json.');
  }
  const place = await openPlannedSweep(sweep, here, true);
  return { file: join(place.folder, folder, basename(trial)), place };
}

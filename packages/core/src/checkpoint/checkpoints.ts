import { copyFile, link, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { removePartialFolder, writeFolderDurably } from '../files/durable.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import type { LoopState } from '../training/loop.ts';
import { restoreTrainingState, type StateToSave, saveTrainingState } from './training-state.ts';

/** The checkpoints of a run: the newest ones by step, and the best beside them. */

const checkpointName = (step: number) => `step-${String(step).padStart(6, '0')}`;
const stepOf = (name: string): number => Number(name.slice('step-'.length));

/** Where the best one is kept, whichever that is. */
export const bestCheckpoint = (checkpoints: string): string => join(checkpoints, 'best');

/** Saves a checkpoint of its step, then removes all but the newest `keep`. @returns its folder */
export async function saveCheckpoint(checkpoints: string, toSave: StateToSave, keep: number): Promise<string> {
  const folder = join(checkpoints, checkpointName(toSave.state.step));
  await saveTrainingState(folder, toSave);
  await removeOld(checkpoints, keep);
  return folder;
}

async function removeOld(checkpoints: string, keep: number): Promise<void> {
  for (const old of (await listCheckpoints(checkpoints)).slice(0, -keep)) {
    await rm(join(checkpoints, old), { recursive: true });
  }
}

/** Keeps a checkpoint as the best one too, also when it is not among the newest any more. Takes no space until then. */
export async function keepAsBest(checkpoints: string, folder: string): Promise<void> {
  await writeFolderDurably(bestCheckpoint(checkpoints), async (aside) => {
    for (const name of await readdir(folder)) {
      const [from, to] = [join(folder, name), join(aside, name)];
      // Files of checkpoints are never written again, so that two names may stand for one.
      await link(from, to).catch(() => copyFile(from, to));
    }
  });
}

/** Names of whole checkpoints, oldest first. */
async function listCheckpoints(checkpoints: string): Promise<string[]> {
  const names = (await readdir(checkpoints).catch(() => [])).filter((name) => /^step-\d+$/.test(name));
  return names.sort((a, b) => stepOf(a) - stepOf(b));
}

/** The newest checkpoint's folder, if there is one. */
export async function newestCheckpoint(checkpoints: string): Promise<string | undefined> {
  const newest = (await listCheckpoints(checkpoints)).at(-1);
  return newest && join(checkpoints, newest);
}

export interface Restored {
  readonly folder: string;
  readonly state: LoopState;
}

/**
 * Goes on with the newest checkpoint that is sound. Those that are not are named to `onSkipped` and put out of the way,
 * so that they do not count among the ones to keep; and so is what was being written when the run ended.
 * @throws {UserError} `checkpoint-invalid` where there are checkpoints, and none is sound
 */
export async function restoreNewest(
  checkpoints: string,
  parameters: ParameterStore,
  {
    lastStep,
    keep,
    onSkipped,
  }: {
    /** Of the run: no checkpoint is further. */
    readonly lastStep: number;
    /** An interruption may have come before old ones were removed. */
    readonly keep: number;
    readonly onSkipped: (folder: string, error: UserError) => void;
  },
): Promise<Restored | undefined> {
  const skipped: { readonly name: string; readonly error: UserError }[] = [];
  for (const name of (await listCheckpoints(checkpoints)).reverse()) {
    const folder = join(checkpoints, name);
    try {
      const state = await restoreTrainingState(folder, parameters, { lastStep });
      for (const { name, error } of skipped) {
        await putAside(checkpoints, name);
        onSkipped(join(checkpoints, name), error);
      }
      await removePartial(checkpoints);
      await removeOld(checkpoints, keep);
      return { folder, state };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      skipped.push({ name, error });
    }
  }
  if (skipped[0]) throw skipped[0].error;
  await removePartial(checkpoints);
  return undefined;
}

/** Not removed: somebody may want to know what happened to it. */
async function putAside(checkpoints: string, name: string): Promise<void> {
  const aside = join(checkpoints, `damaged-${name}`);
  await rm(aside, { recursive: true, force: true });
  await rename(join(checkpoints, name), aside);
}

async function removePartial(checkpoints: string): Promise<void> {
  const names = await readdir(checkpoints).catch(() => []);
  for (const name of names) await removePartialFolder(join(checkpoints, name));
}

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SharedTrials, TrialClaim } from '@counterweight/core';
import { makeFolder, UserError } from '@counterweight/core/files';
import { download, fileIn, listObjects, type Place } from './bucket.ts';
import { filesIn, upload } from './files.ts';
import type { Lease, Lost } from './lease.ts';
import { takeLease } from './object-lease.ts';

const [DONE, FAILED, LEASE, SAVED, RUN, CHECKPOINTS] = [
  'done',
  'failed.json',
  'lease.json',
  'saved',
  'run.json',
  'checkpoints',
];

/** What a trial is known by when it is done; the last of them says that it is. */
export const RESULTS = ['outcome.json', 'predictions.jsonl', DONE];

/** Files of a trial that is going on, and the objects that hold them. What stands in its lease is whole, and of one moment. */
type Saved = Readonly<Record<string, string>>;

/**
 * Trials of a sweep in object storage, below `SWEEP/trials/HASH`: the lease, `lease.json`; files of the last checkpoint in
 * `saved`; of a trial that is done all that it has left, `done` last.
 */
export function storedTrials(sweep: Place, signal: AbortSignal | undefined): SharedTrials {
  const { store } = sweep;
  return {
    async claim(folder) {
      const key = `${sweep.key}/trials/${basename(folder)}`;
      const isDone = async () => (await store.objectExists(`${key}/${DONE}`)) === true;
      const bringResults = async () => {
        for (const name of RESULTS) await download(sweep, `${key}/${name}`, fileIn(folder, name), signal);
        return 'done' as const;
      };
      if (await isDone()) return existsSync(join(folder, DONE)) ? 'done' : bringResults();
      const lease = await takeLease<Saved>(sweep, `${key}/${LEASE}`, lost);
      if ('heldBy' in lease) return 'elsewhere';
      // It may have come to its end since.
      if (await isDone()) {
        await lease.release();
        return bringResults();
      }
      try {
        // What was done here and could not be brought there yet is not done again.
        const sent = existsSync(join(folder, DONE)) ? new Map() : await restore(sweep, folder, { lease, signal });
        return claimed(sweep, folder, { key, lease, sent });
      } catch (error) {
        await lease.release().catch(() => {});
        throw error;
      }
    },
  };
}

const lost: Lost = (where) =>
  new UserError({
    code: 'run-folder-in-use',
    problem: 'Another worker has taken this trial over, because this one was silent for too long.',
    where,
    fix: 'Leave it to the other one.',
  });

/** What is known to be there: objects by a file's name and time. Files of checkpoints are never written again. */
type Sent = Map<string, string>;

const versionOf = async (folder: string, name: string): Promise<string> =>
  `${name} ${(await stat(join(folder, name))).mtimeMs}`;

/** Puts what was saved in the place of whatever another attempt has left here. */
async function restore(
  sweep: Place,
  folder: string,
  { lease, signal }: { readonly lease: Lease<Saved>; readonly signal: AbortSignal | undefined },
): Promise<Sent> {
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  const sent: Sent = new Map();
  for (const [name, key] of Object.entries(lease.progress ?? {})) {
    await download(sweep, key, fileIn(folder, name), signal);
    sent.set(await versionOf(folder, name), key);
  }
  return sent;
}

function claimed(
  sweep: Place,
  folder: string,
  { key, lease, sent }: { readonly key: string; readonly lease: Lease<Saved>; readonly sent: Sent },
): TrialClaim {
  const { store } = sweep;
  const removeBut = async (kept: Saved) => {
    const isKept = new Set(Object.values(kept));
    const left = (await listObjects(sweep, `${key}/${SAVED}/`)).map(({ Key }) => Key).filter((one) => !isKept.has(one));
    if (left.length > 0) await store.deleteObjects(left);
  };
  const bring = async () => {
    const saved: Record<string, string> = {};
    for (const name of await toSave(folder)) {
      const version = await versionOf(folder, name);
      const known = sent.get(version);
      saved[name] = known ?? `${key}/${SAVED}/${randomUUID()}`;
      if (known === undefined) await upload(store, saved[name], join(folder, name));
      sent.set(version, saved[name]);
    }
    await lease.write(saved);
    await removeBut(saved);
  };
  const bringResults = async () => {
    // Whoever has lost the trial leaves it to the other one.
    await lease.write(lease.progress);
    const files = (await filesIn(folder)).filter((name) => name !== DONE);
    for (const name of [...files, DONE]) await upload(store, `${key}/${name}`, join(folder, name));
    await lease.write(undefined);
    await removeBut({});
  };
  return {
    // A store that does not answer is no reason to stop: the next checkpoint is brought there, or what there is at the end.
    save: () =>
      bring().catch((error: unknown) => {
        if (error instanceof UserError && error.code === 'run-folder-in-use') throw error;
      }),
    async end() {
      // Read before anything is waited for: what is brought to this machine meanwhile may take its place.
      const failure = await readFile(join(folder, FAILED), 'utf8').catch(() => undefined);
      await (existsSync(join(folder, DONE)) ? bringResults() : bring());
      if (failure !== undefined) await store.putObject(`${key}/${FAILED}`, failure, 'application/json');
      else await store.deleteObject(`${key}/${FAILED}`);
      await lease.release();
    },
  };
}

/** A run is its description and a checkpoint, which holds its logs too: the newest, and the best where there is one. */
async function toSave(folder: string): Promise<string[]> {
  const files = await filesIn(folder);
  const steps = files.flatMap((name) => /^checkpoints\/(step-\d+)\//.exec(name)?.[1] ?? []);
  const newest = steps.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).at(-1);
  const kept = [`${CHECKPOINTS}/${newest}/`, `${CHECKPOINTS}/best/`];
  return files.filter((name) => name === RUN || kept.some((start) => name.startsWith(start)));
}

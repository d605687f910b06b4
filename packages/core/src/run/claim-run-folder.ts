import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { PARTIAL } from '../files/durable.ts';
import { type FileLock, type LockHolder, lockHolder, tryLock } from '../files/lock.ts';
import { makeFolder, removeEmptySync } from '../files/make-folder.ts';
import { explainWriteError } from '../files/write-error.ts';

/** A run folder that is ours alone until it is released. */
export interface ClaimedFolder {
  /** Absolute. */
  readonly path: string;
  /** @throws {UserError} `run-folder-in-use` when another process has taken it over: nothing may be written any more */
  assertHeld(): Promise<void>;
  /** Gives it back; it is removed again where it did not exist before and nothing was written into it. */
  release(): Promise<void>;
}

export const RUN = 'run.json';
const LOCK = '.lock';

/**
 * Takes the output folder before anything else is done, so that a second run is refused at once, and a place that
 * cannot be written to is known before the work and not after it.
 * @throws {UserError} `run-folder-in-use` when it holds another run, one that is going on, or, with `resume`, none;
 *   `output-unwritable` where there can be no such folder
 */
export async function claimRunFolder(output: string, { resume = false }: { resume?: boolean | undefined }) {
  const path = resolve(output);
  if (resume) assertRun(path);
  else await assertUnused(path);
  const { lock, created } = await lockFolder(path);
  // A command that is stopped ends its process, without coming back here.
  const onExit = () => created !== undefined && removeEmptySync(path, created);
  process.once('exit', onExit);
  const release = async () => {
    await lock.release();
    process.off('exit', onExit);
    onExit();
  };
  try {
    if (!resume) await assertUnused(path);
  } catch (error) {
    await release();
    throw error;
  }
  const claimed: ClaimedFolder = {
    path,
    release,
    async assertHeld() {
      // Somebody may have tidied up: what was trained is saved all the same.
      await makeFolder(path);
      if (!(await lock.isHeld())) throw lockLost(path);
    },
  };
  return claimed;
}

/** Whether a process is at a run; it may have ended, or begun, when this is read. */
export const isRunHeld = async (run: string): Promise<boolean> => (await lockHolder(join(run, LOCK))) !== undefined;

/** `created`: the uppermost folder that did not exist before. */
async function lockFolder(path: string): Promise<{ lock: FileLock; created: string | undefined }> {
  let created: string | undefined;
  try {
    created = await makeFolder(path);
    const lock = await tryLock(join(path, LOCK));
    if ('heldBy' in lock) throw inUse(path, lock.heldBy);
    return { lock, created };
  } catch (error) {
    if (created !== undefined) removeEmptySync(path, created);
    throw explainWriteError(error, path, '--output');
  }
}

function assertRun(path: string): void {
  if (existsSync(join(path, RUN))) return;
  throw new UserError({
    code: 'run-folder-in-use',
    problem: 'There is no run here to resume.',
    where: path,
    fix: 'Give the --output of the run that was interrupted, or leave --resume out.',
  });
}

/** What a run that was killed before its first word left behind is nobody's. */
async function assertUnused(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw explainWriteError(error, path, '--output');
  });
  if (names.every((name) => name.startsWith(LOCK) || name === `${RUN}${PARTIAL}`)) return;
  throw new UserError({
    code: 'run-folder-in-use',
    problem: 'The output folder is not empty.',
    where: path,
    fix: 'Choose another --output, or add --resume to go on with the run that is there.',
  });
}

function inUse(path: string, { pid, host, silentSeconds }: LockHolder): UserError {
  return new UserError({
    code: 'run-folder-in-use',
    problem: `Another run is going on in this folder: process ${pid} on ${host}, last seen ${Math.round(silentSeconds)} s ago.`,
    where: path,
    fix: 'Wait until it has ended, or choose another --output. If that machine is gone, its lock lapses after five minutes.',
  });
}

const lockLost = (path: string): UserError =>
  new UserError({
    code: 'run-folder-in-use',
    problem: 'Another run has taken this folder over, because this one was silent for too long.',
    where: path,
    fix: 'Leave the folder to the other run; or end that one, and go on with --resume.',
  });

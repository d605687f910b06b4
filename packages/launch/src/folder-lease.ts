import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, tryLock, writeFileDurably } from '@counterweight/core/files';
import { type Lease, type Lost, parseLease, type Taken } from './lease.ts';

/**
 * A lease that is a file, and a lock beside it: of one process of all machines that see the folder.
 * @param file what is written down
 */
export async function takeFolderLease<Progress>(file: string, lost: Lost): Promise<Lease<Progress> | Taken> {
  await makeFolder(dirname(file));
  const lock = await tryLock(join(dirname(file), '.lock'));
  if ('heldBy' in lock) return lock;
  let progress = (await read(file).catch(async (error) => {
    await lock.release();
    throw error;
  })) as Progress | undefined;
  return {
    get progress() {
      return progress;
    },
    async write(next) {
      if (!(await lock.isHeld())) throw lost(file);
      await writeFileDurably(file, `${JSON.stringify(next)}\n`);
      progress = next;
    },
    release: lock.release,
  };
}

/** Undefined where nothing was ever written down; what is there and can't be read is no nothing. */
async function read(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseLease(text, file);
}

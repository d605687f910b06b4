import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, tryLock, writeFileDurably } from '@counterweight/core/files';
import type { Lease, Lost, Taken } from './lease.ts';

/**
 * A lease that is a file, and a lock beside it: of one process of all machines that see the folder.
 * @param file what is written down
 */
export async function takeFolderLease<Progress>(file: string, lost: Lost): Promise<Lease<Progress> | Taken> {
  await makeFolder(dirname(file));
  const lock = await tryLock(join(dirname(file), '.lock'));
  if ('heldBy' in lock) return lock;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  let progress = text === undefined ? undefined : (JSON.parse(text) as Progress);
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

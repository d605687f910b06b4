import { rmdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are missing. Step by step, because Node's own way never comes back where a
 * folder that exists takes no other into it (`/proc/nope`).
 * @returns the uppermost folder that was made; undefined where all were there
 * @throws the file system's error
 * @example
 * ```ts
 * import { makeFolder } from '@counterweight/core/files';
 *
 * await makeFolder('runs/of/today');
 * ```
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const made = await makeOne(path);
  if (made !== 'no parent') return made;
  const parent = dirname(path);
  if (parent === path) throw noParent(path);
  const above = await makeFolder(parent);
  const own = await makeOne(path);
  if (own === 'no parent') throw noParent(path);
  return above ?? own;
}

async function makeOne(path: string): Promise<string | undefined | 'no parent'> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'no parent';
    // Some systems say EEXIST, others EISDIR, EPERM or EROFS of a folder that is there.
    if (
      await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      )
    )
      return undefined;
    throw error;
  }
}

const noParent = (path: string): Error =>
  Object.assign(new Error(`ENOENT: no such file or directory, mkdir '${path}'`), { code: 'ENOENT', path });

/** Removes folders again, from this one up to `last`, as long as there is nothing in them. */
export function removeEmptySync(folder: string, last: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== last) removeEmptySync(dirname(folder), last);
}

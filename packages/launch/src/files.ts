import { openAsBlob } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { S3mini } from 's3mini';

/** Above it a file is read while it is sent, in parts. */
const WHOLE_BYTES = 8 * 2 ** 20;

/** Locks, and what is being written or was put aside. */
const NOT_KEPT = /(^\.|\.partial$|^damaged-)/;

/** The files below a folder, as parts of their path: `checkpoints/step-000020/state.json`. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep))
    .filter((parts) => !parts.some((part) => NOT_KEPT.test(part)))
    .map((parts) => parts.join('/'))
    .sort();
}

/** Brings a file into the store, where it takes the place of the one that is there. */
export async function upload(store: S3mini, key: string, file: string): Promise<void> {
  const { size } = await stat(file);
  const content = size <= WHOLE_BYTES ? await readFile(file) : await openAsBlob(file);
  await store.putAnyObject(key, content);
}

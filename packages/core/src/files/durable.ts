import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, removeEmptySync } from './make-folder.ts';

/**
 * Files and folders that are whole or absent, whatever happens: written aside, on the disk before they get their name,
 * and their name on the disk before anything relies on it.
 */

/** What is being written has this ending; whoever finds it later may remove it. */
export const PARTIAL = '.partial';

/**
 * Writes a file in place of the one that is there, if any: a reader finds the old one or the new one, also after a crash.
 * @throws the file system's error; what was there is there then
 * @example
 * ```ts
 * import { writeFileDurably } from '@counterweight/core/files';
 *
 * await writeFileDurably('state.json', JSON.stringify({ step: 3 }));
 * ```
 */
export async function writeFileDurably(file: string, content: string | Uint8Array): Promise<void> {
  const aside = `${file}${PARTIAL}`;
  const handle = await open(aside, 'w');
  try {
    await handle.writeFile(content);
    await syncHandle(handle);
    await handle.close();
    await rename(aside, file);
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(file));
}

/** The same for who writes the file by its name, piece by piece, in a folder that may not be there. */
export async function replaceFileDurably(file: string, write: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${file}${PARTIAL}`;
  const made = await makeFolder(dirname(file));
  try {
    await write(aside);
    await syncFile(aside);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    if (made !== undefined) removeEmptySync(dirname(file), made);
    throw error;
  }
  await syncFolder(dirname(file));
}

/**
 * Writes a folder in place of the one that is there, if any. What `write` puts into it may lie in folders of its own.
 * @throws what `write` throws; the file system's error
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { join } from 'node:path';
 * import { writeFolderDurably } from '@counterweight/core/files';
 *
 * await writeFolderDurably('results', (aside) => writeFile(join(aside, 'losses.csv'), 'step,loss'));
 * ```
 */
export async function writeFolderDurably(folder: string, write: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${folder}${PARTIAL}`;
  await rm(aside, { recursive: true, force: true });
  const made = await makeFolder(aside);
  try {
    await write(aside);
    await syncTree(aside);
    await replaceFolder(aside, folder);
  } catch (error) {
    // On a full disk others need the space.
    await rm(aside, { recursive: true, force: true }).catch(() => {});
    if (made !== undefined && made !== aside) removeEmptySync(dirname(aside), made);
    throw error;
  }
}

/**
 * The same for a folder that may be there, with nothing in it: a mount perhaps, which cannot be renamed. It is filled then
 * from a folder within it, with the settings (`config.json`), without which nothing loads the rest, last.
 */
export async function fillFolderDurably(folder: string, write: (aside: string) => Promise<void>): Promise<void> {
  if (!existsSync(folder)) return writeFolderDurably(folder, write);
  const inside = join(folder, PARTIAL);
  await writeFolderDurably(inside, write);
  const isLast = (name: string) => Number(name.endsWith('config.json'));
  for (const name of (await readdir(inside)).sort((a, b) => isLast(a) - isLast(b))) {
    await rename(join(inside, name), join(folder, name));
  }
  await rm(inside, { recursive: true });
  await syncFolder(folder);
}

/** Whether there is nothing in a folder, but what was given up half written. */
export const isEmptyFolder = async (folder: string): Promise<boolean> =>
  (await readdir(folder)).every((name) => name.endsWith(PARTIAL));

const OLD = `.old${PARTIAL}`;

/**
 * Removes what an interruption left half written; a folder that was just being replaced gets its name back. Whatever else
 * lies at the path stays.
 * @throws the file system's error
 * @example
 * ```ts
 * import { readdir } from 'node:fs/promises';
 * import { join } from 'node:path';
 * import { removePartialFolder } from '@counterweight/core/files';
 *
 * for (const name of await readdir('results')) await removePartialFolder(join('results', name));
 * ```
 */
export async function removePartialFolder(path: string): Promise<void> {
  if (path.endsWith(OLD)) {
    const folder = path.slice(0, -OLD.length);
    if (!existsSync(folder)) return rename(path, folder);
  }
  if (path.endsWith(PARTIAL)) await rm(path, { recursive: true, force: true });
}

/** A folder cannot be renamed onto another that holds something: the old one goes aside first. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const old = `${to}${OLD}`;
  await rm(old, { recursive: true, force: true });
  await rename(to, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(from, to);
  await syncFolder(dirname(to));
  await rm(old, { recursive: true, force: true });
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncFile(path);
  }
  await syncFolder(folder);
}

async function syncFile(file: string): Promise<void> {
  // Windows syncs only what is open for writing.
  const handle = await open(file, 'r+');
  try {
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

/** Puts the names in a folder on the disk, where the system can do that to folders. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  try {
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

/**
 * fsync, where there is one: some file systems and loaders (Yarn's Plug'n'Play) do not have it. That is a reason to go
 * on without; a disk that is full or failing is not.
 */
export async function syncHandle(handle: Pick<FileHandle, 'sync'>): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    if (REAL.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const REAL = new Set(['EIO', 'ENOSPC', 'EDQUOT', 'EROFS']);

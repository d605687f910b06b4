import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold nothing of a user's own, or much that is nobody's business. */
const PASSED_BY = new Set(['node_modules', 'dist', 'checkpoints', 'trials']);
/** A folder as deep as this is looked into. */
const DEPTH = 4;
/** So many folders are looked into at most: the studio may have been started in somebody's home. */
const FOLDERS = 2_000;

export interface Folder {
  readonly path: string;
  /** Names of the files in it. */
  readonly files: readonly string[];
  /** Names of the folders in it. */
  readonly folders: readonly string[];
}

/**
 * The folders below one, breadth first; links are not followed, and hidden folders are left out.
 * @param isWhole folders that are what was looked for: what lies in them is not looked at
 */
export async function foldersBelow(root: string, isWhole: (folder: Folder) => boolean): Promise<Folder[]> {
  const found: Folder[] = [];
  let level = [root];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const read = await Promise.all(level.slice(0, FOLDERS - found.length).map(readFolder));
    found.push(...read);
    level = read
      .filter((folder) => !isWhole(folder))
      .flatMap(({ path, folders }) => folders.map((name) => join(path, name)));
  }
  return found;
}

async function readFolder(path: string): Promise<Folder> {
  const entries = await readdir(path, { withFileTypes: true }).catch((): Dirent[] => []);
  const names = (keep: (entry: Dirent) => boolean) => entries.filter(keep).map(({ name }) => name);
  return {
    path,
    files: names((entry) => entry.isFile()),
    folders: names((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_BY.has(entry.name)).sort(),
  };
}

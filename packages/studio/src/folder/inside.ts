import { readdirSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '@counterweight/core';

/** The folders that the studio may look into; the first is its own, from which relative paths count. */
export type Roots = readonly [string, ...string[]];

/**
 * Where something is, with no link left in its path.
 * @throws {UserError} `file-not-found` where there is nothing, or where it lies outside of the folders, also by a link
 */
export function pathInside(path: string, roots: Roots): string {
  const found = realPath(resolve(roots[0], path));
  if (found !== undefined && isInside(found, roots)) return found;
  throw notThere(path);
}

/** A file of rows, or a folder of them: neither it nor what lies in it is a link that leads out. @throws {UserError} as {@link pathInside} */
export function rowsInside(path: string, roots: Roots): string {
  const found = pathInside(path, roots);
  for (const name of namesIn(found)) pathInside(join(found, name), roots);
  return found;
}

/** A folder of the studio's own by its name, made where it is not there. @throws {UserError} where a link of this name leads out */
export async function ownFolder(name: string, roots: Roots): Promise<string> {
  const folder = join(roots[0], name);
  await mkdir(folder, { recursive: true });
  return pathInside(folder, roots);
}

/** As a reader of the pages knows it: from the studio's folder, where it is in there. */
export const shownPath = (path: string, [folder]: Roots): string => {
  const below = relative(realPath(folder) ?? folder, path);
  return below.startsWith('..') || isAbsolute(below) ? path : below.split(sep).join('/');
};

function isInside(path: string, roots: Roots): boolean {
  return roots.some((root) => {
    const below = relative(realPath(root) ?? root, path);
    return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  });
}

/** Of a folder; nothing of a file. */
function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** One answer for what is not there and for what is not to be seen: nobody learns from it what lies elsewhere. */
const notThere = (path: string): UserError =>
  new UserError({
    code: 'file-not-found',
    problem: 'There is nothing of this name in the folders that the studio was given.',
    where: path,
    fix: 'Put it into one of them, or start the studio with the folder that it is in.',
  });

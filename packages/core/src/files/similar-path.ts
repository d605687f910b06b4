import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearestOf } from '../nearest.ts';

/**
 * For the fix of a path that is not there: `Did you mean data/train.csv? `; empty where nothing beside it is near.
 * @example
 * ```ts
 * import { similarPath } from '@counterweight/core';
 *
 * const fix = `${similarPath('data/trian.csv')}Check the path.`;
 * ```
 */
export function similarPath(path: string): string {
  const folder = dirname(path);
  const nearest = nearestOf(basename(path), namesIn(folder));
  return nearest === undefined ? '' : `Did you mean ${folder === '.' ? nearest : join(folder, nearest)}? `;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

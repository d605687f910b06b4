import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersBelow } from './find-entries.ts';
import { type Roots, shownPath } from './inside.ts';

/** A run or a sweep that lies in the studio's folder, whoever has made it. */
export interface RunEntry {
  readonly kind: 'run' | 'sweep';
  readonly path: string;
  readonly name: string;
  /** When it was described, in milliseconds. */
  readonly began: number;
}

/** The newest first. */
export async function listRuns(roots: Roots): Promise<RunEntry[]> {
  const folders = await foldersBelow(
    roots[0],
    ({ files }) => files.includes('run.json') || files.includes('sweep.json'),
  );
  const found = folders.flatMap(({ path, files }): Pick<RunEntry, 'kind' | 'path'>[] => {
    if (files.includes('sweep.json')) return [{ kind: 'sweep', path }];
    return files.includes('run.json') ? [{ kind: 'run', path }] : [];
  });
  const entries = await Promise.all(
    found.map(async ({ kind, path }) => {
      // One that is being deleted is none.
      const described = await stat(join(path, `${kind}.json`)).catch(() => undefined);
      return described ? [{ kind, path, name: shownPath(path, roots), began: described.mtimeMs }] : [];
    }),
  );
  return entries.flat().sort((a, b) => b.began - a.began);
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersBelow } from './find-entries.ts';
import { type Roots, shownPath } from './inside.ts';

/** A file that may hold rows. */
export interface RowsEntry {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

const ROWS = /[.](jsonl|ndjson|csv|tsv|parquet|json)([.]gz)?$/i;
/** JSON that is the description of something else. */
const NOT_ROWS =
  /^(package|tsconfig|config|tokenizer|generation_config|special_tokens|added_tokens|vocab|biome)\b.*[.]json$/i;

/** Files of rows in the studio's own folder, those that were changed last first. */
export async function listRows(roots: Roots): Promise<RowsEntry[]> {
  const folders = await foldersBelow(roots[0], ({ files }) =>
    ['run.json', 'sweep.json', 'config.json'].some((name) => files.includes(name)),
  );
  const files = folders
    .filter(({ files: names }) => !['run.json', 'sweep.json', 'config.json'].some((name) => names.includes(name)))
    .flatMap(({ path, files: names }) =>
      names.filter((name) => ROWS.test(name) && !NOT_ROWS.test(name)).map((name) => join(path, name)),
    );
  const entries = await Promise.all(
    files.map(async (path) => {
      const found = await stat(path).catch(() => undefined);
      return found ? [{ path, name: shownPath(path, roots), bytes: found.size, changed: found.mtimeMs }] : [];
    }),
  );
  return entries
    .flat()
    .sort((a, b) => b.changed - a.changed)
    .map(({ changed: _, ...entry }) => entry);
}

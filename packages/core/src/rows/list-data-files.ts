import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { similarPath } from '../files/similar-path.ts';

const kinds = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.parquet'] as const;

/** A file of rows, and how they are written in it. */
export interface DataFile {
  readonly path: string;
  readonly kind: (typeof kinds)[number];
  readonly isGzip: boolean;
}

const FIX =
  'Give a .jsonl (one JSON object a line), .json (an array of objects), .csv or .tsv (with a header row) or .parquet file, as it is or with .gz.';

/**
 * The files of rows that are meant: files as they are given, and of a folder those in it that can be read, by name.
 * @throws {UserError} `file-not-found`, or `option-invalid` for a kind of file that can't be read
 */
export async function listDataFiles(paths: string | readonly string[]): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const path of [paths].flat()) files.push(...((await isFolder(path)) ? await filesIn(path) : [fileAt(path)]));
  return files;
}

function fileAt(path: string): DataFile {
  const file = recognised(path);
  if (file) return file;
  const extension = extname(path).toLowerCase();
  throw new UserError({
    code: 'option-invalid',
    problem: extension === '' ? 'The file has no extension.' : `Files of the kind ${extension} can't be read.`,
    where: path,
    fix: FIX,
  });
}

async function filesIn(folder: string): Promise<DataFile[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const files = names.flatMap((name) => recognised(join(folder, name)) ?? []);
  if (files.length > 0) return files;
  throw new UserError({
    code: 'file-not-found',
    problem: 'The folder has no file of rows.',
    where: folder,
    fix: FIX,
  });
}

function recognised(path: string): DataFile | undefined {
  const name = path.toLowerCase();
  const isGzip = name.endsWith('.gz');
  const kind = kinds.find((one) => extname(isGzip ? name.slice(0, -3) : name) === one);
  return kind && { path, kind, isGzip };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw notFound(path, cause);
  }
}

export function notFound(path: string, cause: unknown): UserError {
  const code = (cause as NodeJS.ErrnoException).code;
  return new UserError({
    code: 'file-not-found',
    problem: code === 'ENOENT' ? 'There is no such file.' : `The file can't be read (${code}).`,
    where: path,
    fix: `${similarPath(path)}Check the path; it is relative to the current folder.`,
    cause,
  });
}

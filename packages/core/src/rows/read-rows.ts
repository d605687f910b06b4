import { breather } from '../abort.ts';
import { UserError } from '../errors.ts';
import { type DataFile, listDataFiles } from './list-data-files.ts';
import type { Note } from './malformed.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { readDelimited } from './read-delimited.ts';
import { readJson } from './read-json.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of one file, one after the other. */
type RowReader = (file: DataFile, note: Note) => AsyncIterable<SourceRow>;

const readers: Readonly<Record<DataFile['kind'], RowReader>> = {
  '.jsonl': readJson,
  '.ndjson': readJson,
  '.json': readJson,
  '.csv': readDelimited,
  '.tsv': readDelimited,
  '.parquet': readParquet,
};

/**
 * Reads rows, in the order given: JSONL, JSON (an array), CSV and TSV (with a header row), Parquet, each also with
 * gzip (`.jsonl.gz`), from files or whole folders. Little more than a row at a time is in memory; of Parquet, a group
 * of rows.
 * @throws {UserError} `file-not-found`, `file-empty`, `file-malformed` with file and row, or `option-invalid` for
 * another kind of file; the reason of an abort.
 */
export async function* streamRows(
  files: string | readonly string[],
  signal?: AbortSignal | undefined,
): AsyncGenerator<SourceRow> {
  const breathe = breather(signal);
  // All paths are looked at before the first row is read.
  const datasets = await Promise.all([files].flat().map((path) => listDataFiles(path)));
  let number = 0;
  for (const [dataset, of] of datasets.entries()) {
    for (const file of of) {
      let rows = 0;
      for await (const row of readers[file.kind](file, () => {})) {
        rows++;
        await breathe();
        yield { ...row, number: number++, dataset };
      }
      if (rows === 0) throw noRows(file.path);
    }
  }
}

/** The first rows, or all. Nothing after them is read. */
export async function* firstRows(rows: AsyncIterable<SourceRow>, count = Infinity): AsyncGenerator<SourceRow> {
  let read = 0;
  for await (const row of rows) {
    yield row;
    if (++read >= count) return;
  }
}

/**
 * All rows at once; see {@link streamRows}.
 * @example
 * ```ts
 * import { readRows } from '@counterweight/core';
 *
 * for (const { file, line, value } of await readRows(['a.jsonl', 'b.csv.gz'])) console.log(file, line, value);
 * ```
 */
export async function readRows(
  files: string | readonly string[],
  signal?: AbortSignal | undefined,
): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of streamRows(files, signal)) {
    if (row.problem) throw row.problem;
    rows.push(row);
  }
  return rows;
}

function noRows(file: string): UserError {
  return new UserError({
    code: 'file-empty',
    problem: 'The file has no rows.',
    where: file,
    fix: 'Put at least one row into it, or give another file.',
  });
}

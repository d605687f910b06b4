import { breather } from '../abort.ts';
import type { Data } from './data.ts';
import { invalidRows } from './invalid-rows.ts';
import { type OpenedData, openData, type ReadingOptions } from './open-data.ts';
import type { SourceRow } from './source-row.ts';

/**
 * Reads rows, in the order given: JSON Lines, JSON, CSV and TSV (with a header row), Parquet, each also with gzip
 * (`.jsonl.gz`), from files or whole folders, and rows in memory. Little more than a row at a time is in memory; of Parquet,
 * a group of rows. A row that can't be read comes with its problem.
 * @throws {UserError} `file-not-found`, `file-empty`, `file-malformed` with file and place, or `option-invalid` for
 * another kind of file; the reason of an abort.
 */
export async function* streamRows(
  data: Data | OpenedData,
  signal?: AbortSignal | undefined,
): AsyncGenerator<SourceRow> {
  const breathe = breather(signal);
  for await (const row of openData(data).rows()) {
    await breathe();
    yield row;
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
 * All rows at once; see {@link streamRows}. Rows that can't be read are an error that names them.
 * @param options `map`: columns under other names, `{ prompt: 'Question' }`; `first`: so many rows, and nothing behind them is read
 * @example
 * ```ts
 * import { readRows } from '@counterweight/core';
 *
 * for (const { file, line, value } of await readRows(['a.jsonl', 'b.csv.gz'])) console.log(file, line, value);
 * ```
 */
export async function readRows(
  data: Data,
  signal?: AbortSignal | undefined,
  { first, ...options }: Pick<ReadingOptions, 'map'> & { readonly first?: number } = {},
): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  const invalid = invalidRows(0, () => {});
  const opened = openData(data, { ...options, isReadOnce: true });
  for await (const row of invalid.of(firstRows(streamRows(opened, signal), first))) {
    if (row.problem) invalid.add(row, row.problem);
    else if (invalid.pass()) rows.push(row);
  }
  invalid.end();
  return rows;
}

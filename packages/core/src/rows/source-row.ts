import type { UserError } from '../errors.ts';

/** A row as it was read, not yet checked, with the place it comes from. */
export interface SourceRow {
  /** Undefined for rows that were handed over in memory. */
  readonly file: string | undefined;
  /** From 1: the line of the file where it begins; of Parquet and of rows in memory, which have none, the number of the row. */
  readonly line: number;
  /** The number of the row, from 1, where that is counted apart from lines: the header of a CSV file is no row. */
  readonly row?: number;
  readonly value: unknown;
  /** As it was read, where its columns were given other names. */
  readonly unmapped?: unknown;
  /** The names of the columns that were, by the recipe's. */
  readonly map?: Readonly<Record<string, string>>;
  /** Why it can't be read, where it can't; the rows after it can. */
  readonly problem?: UserError;
  /** Among all that are read, from 0. */
  readonly number?: number;
  /** Which of the files and folders it comes from that were given, from 0. */
  readonly dataset?: number;
}

/** For messages: `support.csv, row 17, field "problem" (line 18)`. */
export function placeOf(source: Pick<SourceRow, 'file' | 'line' | 'row'>, field?: string): string {
  const { file, line, row = line } = source;
  const place = [...(file === undefined ? [] : [file]), `row ${row}`, ...(field ? [`field "${field}"`] : [])].join(
    ', ',
  );
  return row === line ? place : `${place} (line ${line})`;
}

/** Where a row stands, without the row. */
export const whereabouts = ({ file, line, row }: SourceRow): Pick<SourceRow, 'file' | 'line' | 'row'> => ({
  file,
  line,
  ...(row !== undefined && { row }),
});

/** A text for each file, for messages: `support.csv, rows 17, 4, 29`. */
export function placesOfRows(rows: readonly SourceRow[]): string[] {
  const files = [...new Set(rows.map(({ file }) => file))];
  return files.map((file) => {
    const lines = rows.filter((row) => row.file === file).map(({ line, row = line }) => row);
    return [...(file === undefined ? [] : [file]), `row${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`].join(
      ', ',
    );
  });
}

/** Rows that are in memory already. */
export function sourceRowsOf(values: readonly unknown[]): SourceRow[] {
  return values.map((value, i) => ({ file: undefined, line: i + 1, value }));
}

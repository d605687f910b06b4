import { UserError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import type { FieldsOfColumns } from '../recipe/exact-json.ts';
import { type Data, type DataSource, isRows, sourcesOf } from './data.ts';
import { type DataFile, listDataFiles } from './list-data-files.ts';
import type { Note } from './malformed.ts';
import { type ColumnMap, fieldAt, fieldsOfColumns, mapColumns } from './map-columns.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { readDelimited } from './read-delimited.ts';
import { readJson } from './read-json.ts';
import { type RereadableRows, rereadable } from './rows-in-memory.ts';
import type { SourceRow } from './source-row.ts';

/** Rows that can be read from the beginning, several times. */
export interface OpenedData {
  /** How many paths, folders and rows in memory were given. */
  readonly sources: readonly string[];
  /** @throws {UserError} as {@link streamRows} */
  rows(): AsyncGenerator<SourceRow>;
  /** What was made of the files that their user should know. */
  notes(): string[];
  /** Paths of the files, and the hashes of rows in memory. */
  contents(): Promise<readonly ({ readonly path: string } | { readonly name: string; readonly sha256: string })[]>;
  /** All that is wanted was read once. */
  close(): Promise<void>;
}

export interface ReadingOptions {
  /** The option that holds the data, for messages: `evalData`. */
  readonly option?: string;
  readonly map?: ColumnMap | undefined;
  /** Rows in memory are read once, and need not be kept. */
  readonly isReadOnce?: boolean;
}

/** Rows of one file, one after the other. */
type RowReader = (file: DataFile, note: Note, fields: FieldsOfColumns) => AsyncIterable<SourceRow>;

const readers: Readonly<Record<DataFile['kind'], RowReader>> = {
  '.jsonl': readJson,
  '.ndjson': readJson,
  '.json': readJson,
  '.csv': readDelimited,
  '.tsv': readDelimited,
  '.parquet': (file, _note, fields) => readParquet(file, fields),
};

const isOpened = (data: Data | OpenedData): data is OpenedData =>
  typeof data === 'object' && data !== null && 'contents' in data && 'notes' in data;

/**
 * Data that is to be read; what is opened already stays as it is.
 * @throws {UserError} `option-invalid` for what is neither a path nor rows
 */
export function openData(data: Data | OpenedData, options: ReadingOptions = {}): OpenedData {
  return isOpened(data) ? data : open(data, options);
}

function open(data: Data, { option = 'data', map, isReadOnce }: ReadingOptions): OpenedData {
  const given = sourcesOf(data);
  const sources = given.map((source, i) => {
    const name = given.length === 1 ? option : `${option}[${i}]`;
    assertSource(source, name);
    return typeof source === 'string' ? source : { name, rows: rereadable(source, name, isReadOnce) };
  });
  const notes = new Set<string>();
  return {
    sources: sources.map((source) => (typeof source === 'string' ? source : source.name)),
    rows: () => readAll(sources, (text) => notes.add(text), map),
    notes: () => [...notes],
    async contents() {
      const all = sources.map(async (source) => {
        if (typeof source !== 'string') return [{ name: source.name, sha256: source.rows.sha256() }];
        return (await listDataFiles(source)).map(({ path }) => ({ path }));
      });
      return (await Promise.all(all)).flat();
    },
    async close() {
      for (const source of sources) if (typeof source !== 'string') await source.rows.close();
    },
  };
}

type OpenedSource = string | { readonly name: string; readonly rows: RereadableRows };

async function* readAll(
  sources: readonly OpenedSource[],
  note: Note,
  map: ColumnMap | undefined,
): AsyncGenerator<SourceRow> {
  // All paths are looked at before the first row is read.
  const datasets = await Promise.all(sources.map((one) => (typeof one === 'string' ? listDataFiles(one) : [one])));
  const mapped = map && columnsSeen(map);
  const fields = fieldsOfColumns(map);
  let number = 0;
  for (const [dataset, of] of datasets.entries()) {
    for (const one of of) {
      let rows = 0;
      for await (const row of 'path' in one ? readers[one.kind](one, noteOf(one, note), fields) : rowsOf(one)) {
        rows++;
        const renamed = map && !row.problem ? mapColumns(row, map) : row;
        mapped?.see(renamed);
        yield { ...renamed, number: number++, dataset };
      }
      if (rows === 0) throw 'path' in one ? noRows('The file has', one.path) : noRows('There are', one.name);
    }
  }
  mapped?.end();
}

const noteOf =
  ({ path }: DataFile, note: Note): Note =>
  (text) =>
    note(`${path}: ${text}`);

async function* rowsOf({ name, rows }: Exclude<OpenedSource, string>): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const value of rows.read()) yield { file: name === 'data' ? undefined : name, line: ++line, value };
}

/** Whether every column that is read under another name is there in some row. */
function columnsSeen(map: ColumnMap) {
  const missing = new Set(Object.values(map));
  let names: readonly string[] = [];
  return {
    see({ unmapped }: SourceRow): void {
      if (missing.size === 0 || typeof unmapped !== 'object' || unmapped === null) return;
      names = Object.keys(unmapped);
      for (const column of missing) if (fieldAt(unmapped, column) !== undefined) missing.delete(column);
    },
    /** @throws {UserError} `option-invalid` for a column that no row has */
    end(): void {
      const [column] = missing;
      if (column === undefined) return;
      const nearest = nearestOf(column, names);
      const meant = nearest === undefined ? '' : `Did you mean "${nearest}"? `;
      throw new UserError({
        code: 'option-invalid',
        problem: `No row has the column "${column}".`,
        where: 'option map',
        fix: `${meant}Name columns that the data has, such as ${names.map((name) => `"${name}"`).join(', ') || 'none'}.`,
      });
    },
  };
}

function assertSource(source: unknown, name: string): asserts source is DataSource {
  if (typeof source === 'string' ? source !== '' : isRows(source)) return;
  const isPromise = typeof source === 'object' && source !== null && 'then' in source;
  throw new UserError({
    code: 'option-invalid',
    problem: source === undefined ? `There is no ${name}.` : `${name} is neither a path nor rows.`,
    where: `option ${name}`,
    fix: isPromise
      ? 'Wait for it first: await.'
      : "Give a file's or folder's path, an array of rows, an iterable, an async iterable, or a function that gives one.",
  });
}

function noRows(who: string, where: string): UserError {
  return new UserError({
    code: 'file-empty',
    problem: `${who} no rows.`,
    where,
    fix: 'Put at least one row into it, or give another file.',
  });
}

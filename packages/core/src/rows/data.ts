/** Rows that a program has or makes, as plain values: an array, any iterable, or a function that gives one each time it is called. */
export type RowsInMemory =
  | Iterable<unknown>
  | AsyncIterable<unknown>
  | (() => Iterable<unknown> | AsyncIterable<unknown>);

/**
 * Where rows come from: a file or folder by its path, rows in memory, or a list of both. An array of paths, iterables or
 * functions is such a list; any other array holds rows.
 */
export type Data = string | RowsInMemory | readonly (string | RowsInMemory)[];

/** A path or rows: one of the sources of data. */
export type DataSource = string | RowsInMemory;

/** The sources of data, and whether they were given as a list. */
export function sourcesOf(data: Data): readonly DataSource[] {
  if (typeof data !== 'object' || !Array.isArray(data)) return [data as DataSource];
  const isList = data.some((one) => typeof one === 'string') || (data.length > 0 && data.every(isRows));
  return isList ? (data as DataSource[]) : [data];
}

export const isRows = (value: unknown): value is RowsInMemory =>
  typeof value === 'function' ||
  (typeof value === 'object' &&
    value !== null &&
    !ArrayBuffer.isView(value) &&
    (Symbol.iterator in value || Symbol.asyncIterator in value));

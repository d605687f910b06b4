import { open } from 'node:fs/promises';
import type { FieldsOfColumns } from '../../recipe/exact-json.ts';
import { type DataFile, notFound } from '../list-data-files.ts';
import { malformed } from '../malformed.ts';
import { readBytes } from '../read-text.ts';
import type { SourceRow } from '../source-row.ts';
import { assembleRows } from './assemble.ts';
import { readColumn } from './column.ts';
import { LARGEST_PAGE, type Metadata, type RowGroup, readMetadata } from './metadata.ts';

/** A file of which any part can be read. */
export interface PartialFile {
  readonly size: number;
  /** @throws {Error} where there are no such bytes */
  read(from: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Rows of a Parquet file; a group of them is in memory at a time, as it lies in the file, and a page of each column unpacked. */
export async function* readParquet(file: DataFile, fields?: FieldsOfColumns): AsyncGenerator<SourceRow> {
  const opened = await openFile(file);
  try {
    yield* parquetRows(opened, file.path, fields);
  } finally {
    await opened.close();
  }
}

/**
 * @param fields what columns are called by the recipe, where they are given other names
 * @throws {UserError} `file-malformed`
 */
export async function* parquetRows(
  file: PartialFile,
  path: string,
  fields?: FieldsOfColumns,
): AsyncGenerator<SourceRow> {
  let line = 1;
  try {
    for await (const value of valuesOf(file, fields)) yield { file: path, line: line++, value };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformed(path, `The file is no Parquet that can be read: ${reason}.`, 'Write the file anew.', cause);
  }
}

async function* valuesOf(file: PartialFile, fields: FieldsOfColumns | undefined): AsyncGenerator<unknown> {
  const { schema, groups } = await contentsOf(file, fields);
  for (const group of groups) {
    const columns = await readColumns(file, group, fields);
    const next = assembleRows(schema, columns);
    for (let i = 0; i < group.rows; i++) yield next();
    for (const column of columns) column.end();
  }
}

/** The table of contents lies before the last eight bytes, which are its length and the format's name. */
async function contentsOf(file: PartialFile, fields: FieldsOfColumns | undefined): Promise<Metadata> {
  const end = file.size - 8;
  if (end < 4) throw new Error('it is too short');
  const last = await file.read(end, 8);
  const name = Buffer.from(last.subarray(4)).toString('latin1');
  if (name === 'PARE') throw new Error('it is encrypted');
  if (name !== 'PAR1') throw new Error('it does not end as one');
  const length = new DataView(last.buffer, last.byteOffset).getUint32(0, true);
  if (length > end) throw new Error('its table of contents is longer than the file');
  return readMetadata(await file.read(end - length, length), file.size, fields);
}

async function readColumns(file: PartialFile, { columns }: RowGroup, fields: FieldsOfColumns | undefined) {
  const bytes = columns.reduce((sum, { length }) => sum + length, 0);
  if (bytes > 2 * LARGEST_PAGE) throw new Error(`a group of rows has ${bytes} bytes; write smaller groups`);
  const read = columns.map(async (chunk) => readColumn(await file.read(chunk.from, chunk.length), chunk, fields));
  return Promise.all(read);
}

async function openFile(file: DataFile): Promise<PartialFile> {
  if (file.isGzip) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readBytes(file)) chunks.push(chunk);
    return fileInMemory(Buffer.concat(chunks));
  }
  const handle = await open(file.path).catch((cause: unknown) => {
    throw notFound(file.path, cause);
  });
  const { size } = await handle.stat();
  return {
    size,
    async read(from, length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, from + at);
        if (bytesRead === 0) throw new Error('it is cut short');
        at += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** What was unpacked into memory, for reading any part of it. */
export const fileInMemory = (bytes: Uint8Array): PartialFile => ({
  size: bytes.length,
  read: async (from, length) => bytes.subarray(from, from + length),
  close: async () => {},
});

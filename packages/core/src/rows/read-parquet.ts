import { open } from 'node:fs/promises';
import { type AsyncBuffer, type ParquetReadOptions, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { assertThrift } from './assert-thrift.ts';
import { type DataFile, notFound } from './list-data-files.ts';
import { assertLayout } from './parquet-layout.ts';
import { malformed, readBytes } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of a Parquet file, one group of rows in memory at a time. */
export async function* readParquet(file: DataFile): AsyncGenerator<SourceRow> {
  const { buffer, close } = await openBuffer(file);
  try {
    yield* parquetRows(buffer, file.path);
  } finally {
    await close();
  }
}

/** @throws {UserError} `file-malformed` */
export async function* parquetRows(buffer: AsyncBuffer, path: string): AsyncGenerator<SourceRow> {
  const metadata = await explained(path, async () => {
    assertThrift(await tableOfContents(buffer));
    const read = await parquetMetadataAsync(buffer, { geoparquet: false });
    assertLayout(read, buffer.byteLength);
    return read;
  });
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const group = { file: buffer, metadata, rowStart, rowEnd };
    const rows = await explained(path, () => readGroup(group));
    for (const [i, value] of rows.entries()) yield { file: path, line: rowStart + i + 1, value };
    rowStart = rowEnd;
  }
}

/** The bytes between the data and the last eight, which are their number and the format's name. */
async function tableOfContents(file: AsyncBuffer): Promise<Uint8Array> {
  const end = file.byteLength - 8;
  if (end < 0) throw new Error('it is too short');
  const length = new DataView(await file.slice(end)).getUint32(0, true);
  if (length > end) throw new Error('its table of contents is longer than the file');
  return new Uint8Array(await file.slice(end - length, end));
}

type Group = Pick<ParquetReadOptions, 'file' | 'metadata'> & { readonly rowStart: number; readonly rowEnd: number };

/** The rows of a group, as JSON has them. @throws {Error} where a column has more or fewer values than the group has rows */
async function readGroup(group: Group): Promise<unknown[]> {
  const values = new Map<string, number>();
  let rows: Record<string, unknown>[] = [];
  await parquetRead({
    ...group,
    compressors,
    rowFormat: 'object',
    onChunk: ({ columnName, columnData }) => values.set(columnName, (values.get(columnName) ?? 0) + columnData.length),
    onComplete: (read: Record<string, unknown>[]) => {
      rows = read;
    },
  });
  const expected = group.rowEnd - group.rowStart;
  for (const [column, found] of values) {
    if (found !== expected)
      throw new Error(`column ${JSON.stringify(column)} has ${found} values for ${expected} rows`);
  }
  return rows.map(asJson);
}

/** Reads from any place of the file; one that is packed has to be unpacked into memory for that. */
async function openBuffer(file: DataFile): Promise<{ buffer: AsyncBuffer; close: () => Promise<void> }> {
  if (file.isGzip) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readBytes(file)) chunks.push(chunk);
    const bytes = new Uint8Array(Buffer.concat(chunks)).buffer;
    return { buffer: bytes, close: async () => {} };
  }
  const handle = await open(file.path).catch((cause: unknown) => {
    throw notFound(file.path, cause);
  });
  const { size } = await handle.stat();
  const buffer: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
  return { buffer, close: () => handle.close() };
}

async function explained<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformed(path, `The file is no Parquet that can be read: ${reason}`, 'Write the file anew.', cause);
  }
}

/** Values as JSON has them: times as texts, and so integers that no number holds exactly, as ids may be. */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
}

import { open } from 'node:fs/promises';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type DataFile, notFound } from './list-data-files.ts';
import { malformed, readBytes } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of a Parquet file, one group of rows in memory at a time. */
export async function* readParquet(file: DataFile): AsyncGenerator<SourceRow> {
  const { buffer, close } = await openBuffer(file);
  try {
    const metadata = await explained(file, () => parquetMetadataAsync(buffer));
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const options = { file: buffer, metadata, rowStart, rowEnd, compressors };
      const rows = await explained(file, () => parquetReadObjects(options));
      for (const [i, row] of rows.entries()) yield { file: file.path, line: rowStart + i + 1, value: asJson(row) };
      rowStart = rowEnd;
    }
  } finally {
    await close();
  }
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
      const bytes = new Uint8Array(Math.max(0, end - start));
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
  return { buffer, close: () => handle.close() };
}

async function explained<T>({ path }: DataFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformed(path, `The file is no Parquet that can be read: ${reason}`, 'Write the file anew.', cause);
  }
}

/** Values as JSON has them: large integers as numbers, times as texts. */
function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
}

import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '@counterweight/core';
import { formatBytes } from '@counterweight/core/report';

/** Where dropped files of rows lie, in the studio's folder. */
export const ROWS_FOLDER = 'rows';

export interface Upload {
  /** As the browser says it: only its last part counts. */
  readonly name: string;
  readonly body: ReadableStream<Uint8Array>;
  /** As announced, where it is. */
  readonly bytes?: number | undefined;
}

/** More than may be sent was sent. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/**
 * Keeps a file that was dropped on the page; one of the same name stays, and the new one gets a number. What is too large is
 * refused as soon as that is known, and leaves nothing.
 * @returns the file's path
 * @throws {TooLarge}
 * @throws {UserError} `option-invalid` for a name that is no file of rows
 */
export async function receiveUpload({ name, body, bytes = 0 }: Upload, folder: string, limit: number): Promise<string> {
  const safe = safeName(name);
  if (bytes > limit) throw tooLarge(limit);
  const rows = join(folder, ROWS_FOLDER);
  await mkdir(rows, { recursive: true });
  const path = await newFile(rows, safe);
  try {
    await pipeline(Readable.fromWeb(body as never), upTo(limit), createWriteStream(path));
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Passes chunks on, so many bytes of them. */
function upTo(limit: number) {
  return async function* (chunks: AsyncIterable<Uint8Array>) {
    let seen = 0;
    for await (const chunk of chunks) {
      seen += chunk.length;
      if (seen > limit) throw tooLarge(limit);
      yield chunk;
    }
  };
}

const tooLarge = (limit: number) =>
  new TooLarge(`A file may be ${formatBytes(limit)} at most. Put a larger one into the folder of the studio itself.`);

function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'))
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[.\s]+/, '')
    .slice(-120);
  if (/[.](jsonl|ndjson|csv|tsv|parquet|json)([.]gz)?$/i.test(last)) return last;
  throw new UserError({
    code: 'option-invalid',
    problem: 'This is no file of rows.',
    where: name,
    fix: 'Drop one that ends in .jsonl, .json, .csv, .tsv or .parquet, also with .gz.',
  });
}

/** Makes the file, so that nobody else gets its name. */
async function newFile(folder: string, name: string): Promise<string> {
  const dot = name.indexOf('.');
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name.slice(0, dot)}-${number}${name.slice(dot)}`);
    try {
      await (await open(path, 'wx')).close();
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '@counterweight/core';
import { explainWriteError, hashFile } from '@counterweight/core/files';
import { formatBytes } from '@counterweight/core/report';
import { ownFolder, type Roots } from './inside.ts';

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
 * Keeps a file that was dropped on the page. The same file again is the one that is there; another one of its name gets a
 * number. What is too large is refused as soon as that is known; it leaves nothing, and neither does half a file.
 * @returns the file's path
 * @throws {TooLarge}
 * @throws {UserError} `option-invalid` for a name that is no file of rows
 */
export async function receiveUpload({ name, body, bytes = 0 }: Upload, roots: Roots, limit: number): Promise<string> {
  const safe = safeName(name);
  if (bytes > limit) throw tooLarge(limit);
  const folder = await ownFolder(ROWS_FOLDER, roots);
  const partial = join(folder, `.upload-${randomUUID()}`);
  try {
    await pipeline(Readable.fromWeb(body as never), upTo(limit), createWriteStream(partial, { flags: 'wx' }));
    return await settle(partial, folder, safe);
  } catch (error) {
    throw explainWriteError(error, folder, 'file');
  } finally {
    await rm(partial, { force: true });
  }
}

/** Gives a file its name, unless it is there already. */
async function settle(partial: string, folder: string, name: string): Promise<string> {
  const hash = await hashFile(partial);
  const dot = name.indexOf('.');
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name.slice(0, dot)}-${number}${name.slice(dot)}`);
    try {
      // A link is made where nothing is, and nowhere else.
      await link(partial, path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if ((await lstat(path)).isFile() && (await hashFile(path)) === hash) return path;
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

/** A file system takes 255, and the name may get a number. */
const NAME_BYTES = 200;

/** The last characters of a text that have so many bytes. */
function endOf(text: string, bytes: number): string {
  let characters = [...text];
  while (Buffer.byteLength(characters.join('')) > bytes) characters = characters.slice(1);
  return characters.join('');
}

function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'))
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .slice(-NAME_BYTES);
  const short = endOf(last, NAME_BYTES).replace(/^[.\s]+/, '');
  if (/[.](jsonl|ndjson|csv|tsv|parquet|json)([.]gz)?$/i.test(short)) return short;
  throw new UserError({
    code: 'option-invalid',
    problem: 'This is no file of rows.',
    where: name,
    fix: 'Drop one that ends in .jsonl, .json, .csv, .tsv or .parquet, also with .gz.',
  });
}

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UserError } from '../errors.ts';
import { type DataFile, notFound } from './list-data-files.ts';

/**
 * The bytes of a file, unpacked where it is gzip, piece by piece.
 * @throws {UserError} `file-not-found`, or `file-malformed` for what is no gzip
 */
export async function* readBytes({ path, isGzip }: DataFile): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  // An error of the one stream does not reach the other by itself.
  const bytes = isGzip ? file.on('error', (error) => gunzip.destroy(error)).pipe(gunzip) : file;
  try {
    for await (const chunk of bytes) yield chunk as Uint8Array;
  } catch (cause) {
    if (!String((cause as NodeJS.ErrnoException).code).startsWith('Z_')) throw notFound(path, cause);
    throw malformed(path, 'The file is not whole gzip.', 'Pack it anew, or give it unpacked and without .gz.', cause);
  } finally {
    file.destroy();
  }
}

/**
 * The text of a file, piece by piece, without the byte order mark that editors on Windows write.
 * @throws {UserError} as `readBytes`, and `file-malformed` for what is not UTF-8
 */
export const readText = (file: DataFile): AsyncGenerator<string> => decodedText(readBytes(file), file.path);

/** @throws {UserError} `file-malformed` for what is not UTF-8 */
export async function* decodedText(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw malformed(path, 'The file is not UTF-8 text.', 'Save it as UTF-8.', cause);
    }
  };
  for await (const chunk of bytes) yield decode(chunk);
  yield decode();
}

export function malformed(where: string, problem: string, fix: string, cause?: unknown): UserError {
  return new UserError({ code: 'file-malformed', problem, where, fix, cause });
}

/** Characters of one row: more than any model reads, and little enough to be in memory with all that becomes of it. */
export const LONGEST_ROW = 2 ** 26;

/** @throws {UserError} `file-malformed` for a row that has more characters than that, and may have no end at all */
export function assertRowLength(length: number, where: string): void {
  if (length <= LONGEST_ROW) return;
  const problem = `The row is longer than ${LONGEST_ROW} characters.`;
  throw malformed(where, problem, 'See whether a line break or a quote is missing, or cut the row.');
}

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { decodedText } from './decode-text.ts';
import { type DataFile, notFound } from './list-data-files.ts';
import { malformed, type Note } from './malformed.ts';

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
 * The text of a file, piece by piece; see {@link decodedText}.
 * @throws {UserError} as `readBytes` and `decodedText`
 */
export const readText = (file: DataFile, note: Note): AsyncGenerator<string> =>
  decodedText(readBytes(file), file.path, note);

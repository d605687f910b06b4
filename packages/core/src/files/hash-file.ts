import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * The sha256 of a file, in hexadecimal. A large file from the hub is not read for it: its content lies in a file of the
 * cache that bears it as its name, and was compared with it when it was downloaded.
 * @throws the reason of an abort
 * @example
 * ```ts
 * import { hashFile } from '@counterweight/core/files';
 *
 * console.log(await hashFile('rows.csv'));
 * ```
 */
export async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  const content = await realpath(file);
  const name = basename(content);
  if (/^[0-9a-f]{64}$/.test(name) && basename(dirname(content)) === 'blobs') return name;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  return hash.digest('hex');
}

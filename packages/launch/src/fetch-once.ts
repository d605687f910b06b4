import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counterweightHome } from '@counterweight/core';
import { makeFolder, UserError, waitForLock, writeFolderDurably } from '@counterweight/core/files';
import { download, type Environment, fileIn, listObjects, openPlace, type Place } from './bucket.ts';

/**
 * Brings what lies in object storage onto this machine, once: other processes that want it wait for the one that fetches it,
 * and what has changed there is fetched anew. Access as for all of S3's programs: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_REGION, and AWS_ENDPOINT_URL for other stores than Amazon's.
 * @param url `s3://bucket/key` of an object, or of a folder of them
 * @returns the file or folder here, under the name that it has there
 * @throws {UserError} `file-not-found`; `option-invalid` where access is not set, `storage-unreachable`, `storage-refused`
 * @example
 * ```ts
 * import { fetchOnce } from '@counterweight/launch';
 *
 * const model = await fetchOnce('s3://lab/models/smollm2'); // ~/.cache/counterweight/objects/0123456789abcdef/smollm2
 * ```
 */
export async function fetchOnce(
  url: string,
  { env = process.env, signal }: { readonly env?: Environment; readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const place = openPlace(url, env);
  const { bucket, key } = place;
  const objects = await objectsAt(place);
  const version = objects.map(({ Key, ETag }) => `${Key} ${ETag}`).join('\n');
  const hash = createHash('sha256').update(`${bucket}/${key}\n${version}`).digest('hex').slice(0, 16);
  const objectsFolder = join(counterweightHome(), 'objects');
  const folder = join(objectsFolder, hash);
  await makeFolder(objectsFolder);
  const lock = await waitForLock(`${folder}.lock`, signal);
  try {
    if (!existsSync(folder)) {
      await writeFolderDurably(folder, async (aside) => {
        for (const { Key } of objects)
          await download(place, Key, fileIn(aside, Key.slice(parentOf(key).length)), signal);
      });
    }
  } finally {
    await lock.release();
  }
  return join(folder, key.slice(parentOf(key).length));
}

/** The object of that key; or all below it, where it is a folder's. */
async function objectsAt(place: Place) {
  const { key, url } = place;
  const found = await listObjects(place, key);
  const one = found.filter(({ Key }) => Key === key);
  if (one.length > 0) return one;
  // A folder may have an object of its own, which is empty.
  const below = found.filter(({ Key }) => Key.startsWith(`${key}/`) && !Key.endsWith('/'));
  if (below.length > 0) return below;
  throw new UserError({
    code: 'file-not-found',
    problem: 'There is no such object, and no folder of that name.',
    where: url,
    fix: 'Check the address: s3://BUCKET/KEY.',
  });
}

const parentOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

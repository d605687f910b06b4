import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counterweightHome } from '@counterweight/core';
import { makeFolder, UserError, waitForLock, writeFolderDurably } from '@counterweight/core/files';
import { S3mini } from 's3mini';

const SCHEME = 's3://';

/** Whether it is what {@link fetchOnce} takes. */
export const isObjectUrl = (text: string): boolean => text.startsWith(SCHEME);

/**
 * Brings what lies in object storage onto this machine, once: other processes that want it wait for the one that fetches it,
 * and what has changed there is fetched anew. Access as for all of S3's programs: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_REGION, and AWS_ENDPOINT_URL for other stores than Amazon's.
 * @param url `s3://bucket/key` of an object, or of a folder of them
 * @returns the file or folder here, under the name that it has there
 * @throws {UserError} `file-not-found`; `option-invalid` where access is not set or refused
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
  const { bucket, key } = partsOf(url);
  const store = openBucket(bucket, url, env);
  const objects = await objectsAt(store, key, url);
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
          await download(store, Key, placeOf(aside, Key.slice(parentOf(key).length)), signal);
      });
    }
  } finally {
    await lock.release();
  }
  return join(folder, key.slice(parentOf(key).length));
}

type Environment = Readonly<Record<string, string | undefined>>;

function partsOf(url: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*[^/])\/?$/.exec(url) ?? [];
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw new UserError({
    code: 'option-invalid',
    problem: 'This names no object.',
    where: url,
    fix: 'Write s3://BUCKET/KEY.',
  });
}

function openBucket(bucket: string, url: string, env: Environment): S3mini {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'There is no key to object storage.',
      where: url,
      fix: 'Put it into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
  }
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const store = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`;
  return new S3mini({ accessKeyId, secretAccessKey, region, endpoint: `${store.replace(/\/$/, '')}/${bucket}` });
}

/** The object of that key; or all below it, where it is a folder's. */
async function objectsAt(store: S3mini, key: string, url: string) {
  const listed = await store.listObjects('/', key).catch((error: Error) => {
    throw new UserError({
      code: 'option-invalid',
      problem: `Object storage refuses: ${error.message}`,
      where: url,
      fix: 'Check the address, AWS_REGION, AWS_ENDPOINT_URL and the key.',
      cause: error,
    });
  });
  const found = listed ?? [];
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

/** A key may be anything: what would lie outside of the folder is none of ours. */
function placeOf(folder: string, name: string): string {
  const place = join(folder, name);
  if (place.startsWith(folder + sep)) return place;
  throw new UserError({
    code: 'file-malformed',
    problem: 'An object has a name that no file can have.',
    where: name,
    fix: 'Give it another key.',
  });
}

async function download(store: S3mini, key: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  const response = await store.getObjectResponse(key);
  if (!response?.body) throw new Error(`${key} went away while it was fetched.`);
  await makeFolder(join(file, '..'));
  // The types of the web's streams are Node's and the DOM's, which differ.
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file), { signal });
}

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder, UserError } from '@counterweight/core/files';
import { S3mini } from 's3mini';
import { PATIENCE_SECONDS, type Reach, reachStore, refused, unreachable } from './reach-store.ts';

const SCHEME = 's3://';

/** Whether it lies in object storage: `s3://bucket/key`. */
export const isObjectUrl = (text: string): boolean => text.startsWith(SCHEME);

export type Environment = Readonly<Record<string, string | undefined>>;

/** A place in object storage, and the client that reaches it. */
export interface Place {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly key: string;
  readonly store: S3mini;
  readonly url: string;
}

/** What a program needs to know to reach object storage, by the names that other programs give it. */
const ACCESS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
] as const;

/**
 * What of an environment is access to object storage: for tasks on machines that have none of their own. It holds a secret.
 * @example
 * ```ts
 * import { ray, storageAccess } from '@counterweight/launch';
 *
 * const executor = ray({ address: 'http://head:8265', env: storageAccess(process.env) });
 * ```
 */
export const storageAccess = (env: Environment): Record<string, string> =>
  Object.fromEntries(ACCESS.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));

/**
 * Its store is reached as who looks on has the patience for, where nothing else is said.
 * @throws {UserError} `option-invalid` where it names nothing, or there is no key to the store
 */
export function openPlace(url: string, env: Environment, reach: Partial<Omit<Reach, 'url'>> = {}): Place {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*[^/])\/*$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'This names no object.',
      where: url,
      fix: 'Write s3://BUCKET/KEY.',
    });
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'There is no key to object storage.',
      where: url,
      fix: 'Put it into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
  }
  if (env.AWS_SESSION_TOKEN) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'A key that is for some hours only, with AWS_SESSION_TOKEN, cannot be used.',
      where: url,
      fix: 'Put a lasting key into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and unset AWS_SESSION_TOKEN.',
    });
  }
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const server = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`;
  const endpoint = `${server.replace(/\/$/, '')}/${bucket}`;
  const fetch = reachStore({ patienceSeconds: PATIENCE_SECONDS.watched, ...reach, url: `${url} at ${server}` });
  return { bucket, key, url, store: new S3mini({ accessKeyId, secretAccessKey, region, endpoint, fetch }) };
}

/** What the store has under a prefix. @throws {UserError} `storage-unreachable`, `storage-refused` */
export async function listObjects({ store, url }: Place, prefix: string): Promise<{ Key: string; ETag: string }[]> {
  const listed = await store.listObjects('/', prefix).catch((error: Error) => {
    // Something answers, and it is no object storage.
    throw error instanceof UserError ? error : refused(url, error.message, error);
  });
  return listed ?? [];
}

/** A key may be anything: what would lie outside of the folder is none of ours. @throws {UserError} `file-malformed` */
export function fileIn(folder: string, name: string): string {
  const file = join(folder, name);
  if (file.startsWith(folder + sep)) return file;
  throw new UserError({
    code: 'file-malformed',
    problem: 'An object has a name that no file can have.',
    where: name,
    fix: 'Give it another key.',
  });
}

/**
 * Brings an object into a file, which is whole or not there.
 * @returns false where there is no such object
 * @throws {UserError} `storage-unreachable`, `storage-refused`; the file system's error
 */
export async function downloadIfThere(
  { store, url }: Place,
  key: string,
  file: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const response = await store.getObjectResponse(key);
  if (!response) return false;
  await makeFolder(dirname(file));
  // Another process may be bringing the same.
  const aside = `${file}.${randomUUID()}.partial`;
  try {
    await pipeline(chunksOf(response, url), createWriteStream(aside), { signal });
    await rename(aside, file);
    return true;
  } finally {
    await rm(aside, { force: true });
  }
}

/** What comes of an answer, whose end may never come. */
async function* chunksOf({ body }: Response, url: string): AsyncGenerator<Uint8Array> {
  try {
    // The types of the web's streams are Node's and the DOM's, which differ.
    if (body) yield* Readable.fromWeb(body as never);
  } catch (error) {
    throw unreachable(url, error as Error);
  }
}

/** Brings an object that has to be there. @throws as `downloadIfThere`; {UserError} `file-not-found` */
export async function download(place: Place, key: string, file: string, signal?: AbortSignal): Promise<void> {
  if (await downloadIfThere(place, key, file, signal)) return;
  throw new UserError({
    code: 'file-not-found',
    problem: 'An object went away while it was fetched.',
    where: `s3://${place.bucket}/${key}`,
    fix: 'Do the same again, or bring it back.',
  });
}

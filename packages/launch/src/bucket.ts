import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fetchOverHttp, makeFolder, UserError } from '@counterweight/core/files';
import { S3mini } from 's3mini';

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

/** @throws {UserError} `option-invalid` where it names nothing, or there is no key to the store */
export function openPlace(url: string, env: Environment): Place {
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
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const server = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`;
  const endpoint = `${server.replace(/\/$/, '')}/${bucket}`;
  return {
    bucket,
    key,
    url,
    store: new S3mini({ accessKeyId, secretAccessKey, region, endpoint, fetch: fetchOverHttp }),
  };
}

/** What the store has under a prefix. @throws {UserError} `option-invalid` where it refuses */
export async function listObjects({ store, url }: Place, prefix: string): Promise<{ Key: string; ETag: string }[]> {
  const listed = await store.listObjects('/', prefix).catch((error: Error) => {
    throw new UserError({
      code: 'option-invalid',
      problem: `Object storage refuses: ${error.message}`,
      where: url,
      fix: 'Check the address, AWS_REGION, AWS_ENDPOINT_URL and the key.',
      cause: error,
    });
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

/** Brings an object into a file, which is whole or not there. @throws {Error} where there is none */
export async function download(store: S3mini, key: string, file: string, signal?: AbortSignal): Promise<void> {
  const response = await store.getObjectResponse(key);
  if (!response?.body) throw new Error(`${key} went away while it was fetched.`);
  await makeFolder(dirname(file));
  // Another process may be bringing the same.
  const aside = `${file}.${randomUUID()}.partial`;
  try {
    // The types of the web's streams are Node's and the DOM's, which differ.
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(aside), { signal });
    await rename(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
}

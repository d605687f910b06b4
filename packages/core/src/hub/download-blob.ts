import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { isDiskFull } from '../files/write-error.ts';
import { unavailable } from './hub-error.ts';

/** Broken connections in a row, without a byte between them, after which we give up. */
const ATTEMPTS = 3;

export interface BlobToFetch {
  /** Its hash: sha256, or git's sha1 of small files. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** The content from this byte on. */
  open(from: number): Promise<Blob>;
}

/**
 * Fetches a file to `target`, by way of `target.incomplete`: what is there already is not fetched again, today or after a
 * broken connection. The whole is compared with its hash. One process may do this at a time.
 */
export async function downloadBlob(
  target: string,
  { etag, size, open }: BlobToFetch,
  {
    name,
    onBytes,
    signal,
  }: { name: string; onBytes?: ((done: number) => void) | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  const incomplete = `${target}.incomplete`;
  if ((await sizeOf(incomplete)) > size) await rm(incomplete);
  for (let failures = 0, done = await sizeOf(incomplete); done < size; ) {
    try {
      await append(await open(done), incomplete, (bytes) => onBytes?.(done + bytes), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isDiskFull(error)) throw error;
      failures++;
      const now = await sizeOf(incomplete);
      if (now > done) failures = 0;
      if (failures === ATTEMPTS) throw brokenOff(name, now, size, error);
    }
    done = await sizeOf(incomplete);
  }
  if (size === 0) await append(new Blob([]), incomplete, () => {}, signal);
  if (!(await hasHash(incomplete, etag, size))) {
    await rm(incomplete);
    const problem = `What was downloaded of ${name} is not what the hub says it is.`;
    throw unavailable(name, problem, 'Run the command again; it is downloaded anew.');
  }
  await rename(incomplete, target);
}

async function append(
  content: Blob,
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _, pass) {
      bytes += chunk.length;
      onBytes(bytes);
      pass(null, chunk);
    },
  });
  const stream = Readable.fromWeb(content.stream() as ReadableStream);
  await pipeline(stream, counted, createWriteStream(file, { flags: 'a' }), { signal });
}

/** Hashes of other kinds (a mirror's own) are not compared: the size has to do. */
async function hasHash(file: string, etag: string, size: number): Promise<boolean> {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag)) return (await sizeOf(file)) === size;
  const hash = createHash(etag.length === 64 ? 'sha256' : 'sha1');
  if (etag.length === 40) hash.update(`blob ${size}\0`);
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex') === etag;
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    (found) => found.size,
    () => 0,
  );

const brokenOff = (name: string, done: number, size: number, cause: unknown) =>
  unavailable(
    name,
    `The download broke off at byte ${done} of ${size}.`,
    'Run the same command again: it goes on from there.',
    cause,
  );

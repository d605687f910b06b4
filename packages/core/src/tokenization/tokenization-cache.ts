import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { makeFolder } from '../files/make-folder.ts';
import { CHUNK_ROWS, isInvalid, type Outcome, type TokenizeChunk } from './tokenize-rows.ts';

/**
 * A cache of tokenized rows, a file a chunk. The name of a file is the hash of everything that its content depends on:
 * the rows as their recipe wrote them (so a recipe that changed finds nothing of its past), their lengths, and
 * `wordsHash`, which stands for the tokenizer, the chat template and the program; not what weighs how much in the loss.
 * Rows added at the end of a file cost no more than themselves.
 *
 *     a file   sha256 of the rest, 32 bytes | outcomes
 */
export interface ChunkCache {
  readonly folder: string;
  readonly wordsHash: string;
  /** Bytes that the folder holds at most; those that were not read for the longest time go first. */
  readonly maxBytes?: number;
}

/** Raised when what is stored changes. */
const FORMAT = 3;
const MAX_BYTES = 2 ** 30;
const HASH_BYTES = 32;

const sha256 = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();

/** The same tokenization, looked up first. Chunks that are not full are small work: they are not kept. */
export function cached(tokenizeChunk: TokenizeChunk, { folder, wordsHash }: ChunkCache): TokenizeChunk {
  return async (rows) => {
    if (rows.length < CHUNK_ROWS) return tokenizeChunk(rows);
    const content = rows.map(({ where: _, ...row }) => row);
    const name = sha256(JSON.stringify([FORMAT, wordsHash, content])).toString('hex');
    const file = join(folder, name);
    const stored = await readOutcomes(file);
    if (stored?.length === rows.length) return stored;
    const outcomes = await tokenizeChunk(rows);
    // What is wrong with a row names its place, which is no part of the name of the file.
    if (!outcomes.some(isInvalid)) await writeOutcomes(folder, file, outcomes);
    return outcomes;
  };
}

/** Undefined where there is no such file, or not all of it. */
async function readOutcomes(file: string): Promise<Outcome[] | undefined> {
  try {
    const bytes = await readFile(file);
    const content = bytes.subarray(HASH_BYTES);
    if (!sha256(content).equals(bytes.subarray(0, HASH_BYTES))) return undefined;
    await utimes(file, new Date(), new Date());
    return deserialize(content) as Outcome[];
  } catch {
    return undefined;
  }
}

/**
 * Aside, under a name that no other process or run of this one has, and renamed, so that a file is whole or absent. A
 * full disk is no reason to stop.
 */
async function writeOutcomes(folder: string, file: string, outcomes: readonly Outcome[]): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await makeFolder(folder);
    const content = serialize(outcomes);
    // Rows can be read out of it: they are nobody else's on this machine.
    await writeFile(aside, Buffer.concat([sha256(content), content]), { mode: 0o600 });
    await rename(aside, file);
  } catch {
    await rm(aside, { force: true }).catch(() => {});
  }
}

/**
 * Removes what was not read for the longest time until the folder is small enough. Others may be at it too, and read what
 * goes: they tokenize it again. What cannot be removed stays.
 */
export async function trimCache({ folder, maxBytes = MAX_BYTES }: ChunkCache): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const info = await stat(file).catch(() => undefined);
      return { file, size: info?.size ?? 0, readAt: info?.mtimeMs ?? 0 };
    }),
  );
  let size = files.reduce((sum, file) => sum + file.size, 0);
  for (const oldest of files.sort((a, b) => a.readAt - b.readAt)) {
    if (size <= maxBytes) return;
    const isGone = await rm(oldest.file, { force: true }).then(
      () => true,
      () => false,
    );
    if (isGone) size -= oldest.size;
  }
}

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromCodes, toCodes } from './class-codes.ts';
import type { Examples, TokenizedExample } from './example.ts';

/**
 * Examples on their way to training, packed, so that data larger than memory can be trained on: a few stay in memory,
 * more go to a file. Of those only where each one lies stays in memory; the file is temporary and vanishes with the
 * process, and what is read often stays in the system's file cache.
 *
 *     an example of n tokens   weights, 8 bytes each | ids, 4 | classes, 1 | filled up to a multiple of 8
 */
export interface ExampleStore extends Examples {
  /** Tokens of each example. */
  readonly lengths: readonly number[];
}

const BYTES_PER_TOKEN = 13;

/** Where examples lie in the file, and what is known of them without reading it. */
interface Index {
  readonly offsets: number[];
  readonly lengths: number[];
  readonly promptLengths: number[];
  readonly cutTokens: number[];
}

/**
 * Takes examples one after the other; `finish` makes them readable.
 * @param bufferBytes how much is kept in memory before it is written to a file; default 16 MiB, a million tokens
 */
export function writeExamples(bufferBytes = 2 ** 24): {
  append(example: TokenizedExample): void;
  finish(): ExampleStore;
} {
  const index: Index = { offsets: [], lengths: [], promptLengths: [], cutTokens: [] };
  let file: number | undefined;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let size = 0;
  const flush = () => {
    file ??= openTemporary();
    writeAll(file, Buffer.concat(pending));
    pending = [];
    pendingBytes = 0;
  };
  return {
    append(example) {
      const bytes = encode(example);
      index.offsets.push(size);
      index.lengths.push(example.ids.length);
      index.promptLengths.push(example.promptLength);
      index.cutTokens.push(example.cutTokens);
      pending.push(bytes);
      pendingBytes += bytes.length;
      size += bytes.length;
      if (pendingBytes >= bufferBytes) flush();
    },
    finish() {
      if (file !== undefined) flush();
      const { lengths } = index;
      const bytesAt = file === undefined ? (i: number) => pending[i] as Uint8Array : readerOf(file, index);
      const at = (i: number) => (i in lengths ? decode(bytesAt(i), index, i) : undefined);
      const store: ExampleStore = { length: lengths.length, lengths, at };
      if (file !== undefined) closers.register(store, file);
      return store;
    },
  };
}

const bytesOf = (tokens: number): number => Math.ceil((tokens * BYTES_PER_TOKEN) / 8) * 8;

/** The three arrays of an example of n tokens, over one stretch of memory. */
function arraysOver(buffer: ArrayBuffer, tokens: number) {
  return {
    weights: new Float64Array(buffer, 0, tokens),
    ids: new Int32Array(buffer, 8 * tokens, tokens),
    classes: new Uint8Array(buffer, 12 * tokens, tokens),
  };
}

function encode({ ids, weights, classes }: TokenizedExample): Uint8Array {
  const buffer = new ArrayBuffer(bytesOf(ids.length));
  const arrays = arraysOver(buffer, ids.length);
  arrays.weights.set(weights);
  arrays.ids.set(ids);
  arrays.classes.set(toCodes(classes));
  return new Uint8Array(buffer);
}

function decode({ buffer }: Uint8Array, index: Index, i: number): TokenizedExample {
  const { weights, ids, classes } = arraysOver(buffer as ArrayBuffer, index.lengths[i] as number);
  return {
    ids: Array.from(ids),
    weights: Array.from(weights),
    classes: fromCodes(classes),
    promptLength: index.promptLengths[i] as number,
    cutTokens: index.cutTokens[i] as number,
  };
}

const readerOf =
  (file: number, { offsets, lengths }: Index) =>
  (i: number): Uint8Array => {
    const bytes = new Uint8Array(bytesOf(lengths[i] as number));
    readAll(file, bytes, offsets[i] as number);
    return bytes;
  };

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function readAll(file: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0) throw new Error('The temporary file of examples is shorter than it was.');
    done += count;
  }
}

/** A file that is gone from its folder as soon as it is open; where that can't be, when the process ends. */
function openTemporary(): number {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-'));
  const file = openSync(join(folder, 'examples'), 'wx+');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    remove();
  } catch {
    process.once('exit', () => {
      closeSync(file);
      remove();
    });
  }
  return file;
}

/** Closes the file of a store that nothing holds any more. */
const closers = new FinalizationRegistry<number>((file) => closeSync(file));

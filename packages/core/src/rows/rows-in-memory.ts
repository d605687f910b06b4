import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { UserError } from '../errors.ts';
import { openTemporaryFile, readTemporary, type TemporaryFile, writeTemporary } from '../files/temporary-file.ts';
import type { RowsInMemory } from './data.ts';

/** Rows of a program that can be read several times. */
export interface RereadableRows {
  read(): AsyncGenerator<unknown>;
  /** Of the rows as JSON, a line each: of those that were read, where not all were. */
  sha256(): string;
  /** No further rows are wanted than those that were read already. */
  close(): Promise<void>;
}

/**
 * An array is gone through again, a function is called again; of anything else, which may give its rows only once, they
 * are kept in a temporary file as they come, unless they are read once only.
 * @param name of the option, for messages
 */
export function rereadable(rows: RowsInMemory, name: string, isReadOnce = false): RereadableRows {
  const hashes = hashKeeper(name);
  const again = (): Iterable<unknown> | AsyncIterable<unknown> => (typeof rows === 'function' ? rows() : rows);
  if (typeof rows === 'function' || Array.isArray(rows) || isReadOnce) {
    return { read: () => hashes.through(again()), sha256: hashes.sha256, close: async () => {} };
  }
  const kept = keptRows(rows, name);
  return { read: () => hashes.through(kept.read()), sha256: hashes.sha256, close: kept.close };
}

/** @throws {UserError} `option-invalid` where the rows are others than when they were read before */
function hashKeeper(name: string) {
  let longest = { rows: -1, sha256: '' };
  let whole: string | undefined;
  async function* through(values: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const hash = createHash('sha256');
    let rows = 0;
    try {
      for await (const value of values) {
        hash.update(`${jsonOf(value, name, ++rows)}\n`);
        yield value;
      }
      const digest = hash.copy().digest('hex');
      whole ??= digest;
      if (whole === digest) return;
    } finally {
      if (rows > longest.rows) longest = { rows, sha256: hash.digest('hex') };
    }
    throw new UserError({
      code: 'option-invalid',
      problem: 'The rows are not the same each time they are read.',
      where: name,
      fix: 'Give an array, or a function that gives the same rows in the same order each time.',
    });
  }
  return { through, sha256: () => whole ?? longest.sha256 };
}

function jsonOf(value: unknown, name: string, row: number): string {
  try {
    const json = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
    return json ?? 'null';
  } catch (cause) {
    throw noData(name, row, cause);
  }
}

function keptRows(rows: Iterable<unknown> | AsyncIterable<unknown>, name: string) {
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  const places: { readonly at: number; readonly bytes: number }[] = [];
  let file: TemporaryFile | undefined;
  let size = 0;
  let isOver = false;
  const keep = (value: unknown): void => {
    let bytes: Uint8Array;
    try {
      bytes = serialize(value);
    } catch (cause) {
      throw noData(name, places.length + 1, cause);
    }
    file ??= openTemporaryFile();
    writeTemporary(file, bytes);
    places.push({ at: size, bytes: bytes.length });
    size += bytes.length;
  };
  async function* read(): AsyncGenerator<unknown> {
    for (let i = 0; ; i++) {
      if (i === places.length) {
        const next = isOver ? undefined : await iterator.next();
        if (next === undefined || next.done) {
          isOver = true;
          return;
        }
        keep(next.value);
      }
      const { at, bytes } = places[i] as { at: number; bytes: number };
      const stored = new Uint8Array(bytes);
      readTemporary(file as TemporaryFile, stored, at);
      yield deserialize(stored);
    }
  }
  const close = async (): Promise<void> => {
    if (!isOver) await iterator.return?.();
    isOver = true;
  };
  return { read, close };
}

const noData = (name: string, row: number, cause: unknown): UserError =>
  new UserError({
    code: 'row-invalid',
    problem: `The row is no plain data: ${cause instanceof Error ? cause.message : String(cause)}`,
    where: `${name}, row ${row}`,
    fix: 'Give rows of texts, numbers, lists and objects, as JSON has them.',
    cause,
  });

import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pruneCache } from './prune.ts';

let cache = '';
const write = (folder: string, name: string, bytes: number, usedAt: number) => {
  mkdirSync(join(cache, folder), { recursive: true });
  writeFileSync(join(cache, folder, name), Buffer.alloc(bytes));
  utimesSync(join(cache, folder, name), usedAt, usedAt);
};

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'prune-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

it('keeps the objects that were used last, and what zig has while it is small', async () => {
  for (const [name, usedAt] of Object.entries({ newest: 4, oldest: 1, older: 2, new: 3 })) {
    write('objects', name, 10, usedAt);
  }
  write('zig-cache/o', 'library', 100, 1);
  await pruneCache(cache, { objects: 25, zig: 100 });
  expect(readdirSync(join(cache, 'objects')).sort()).toEqual(['new', 'newest']);
  expect(readdirSync(join(cache, 'zig-cache/o'))).toEqual(['library']);
  await pruneCache(cache, { objects: 25, zig: 99 });
  expect(readdirSync(cache)).toEqual(['objects']);
});

it('has nothing to do where nothing was built', async () => {
  await pruneCache(join(cache, 'nowhere'));
  expect(readdirSync(cache)).toEqual([]);
});

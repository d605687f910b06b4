import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CACHE_KINDS, listKeptFiles, removeKeptFiles } from './kept-files.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'counterweight-home-'));
  vi.stubEnv('COUNTERWEIGHT_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

function keep(path: string, bytes: number): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), 'x'.repeat(bytes));
}

it('tells what is kept, and takes away what it is told to', async () => {
  expect(await listKeptFiles()).toEqual([]);
  keep('cache/tokenized/a', 10);
  keep('cache/tokenized/b', 20);
  keep('gguf/hash/tokenizer.json', 5);
  keep('engines/tfjs-node/lib/tensorflow.so', 100);
  keep('rescued/run/adapter/adapter_model.safetensors', 7);
  keep('of-its-user', 1);
  expect((await listKeptFiles()).map(({ kind, files, bytes }) => [kind, files, bytes])).toEqual([
    ['tokenized', 2, 30],
    ['gguf', 1, 5],
    ['engines', 1, 100],
    ['rescued', 1, 7],
  ]);
  expect((await removeKeptFiles(CACHE_KINDS)).map(({ kind }) => kind)).toEqual(['tokenized', 'gguf']);
  expect((await listKeptFiles()).map(({ kind }) => kind)).toEqual(['engines', 'rescued']);
  expect(await removeKeptFiles(CACHE_KINDS)).toEqual([]);
  expect(existsSync(join(home, 'of-its-user'))).toBe(true);
});

import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { hashFile } from './hash-file.ts';

const path = temporaryFolder();
const name = 'ab'.repeat(32);
const content = 'weights';
const sha256 = createHash('sha256').update(content).digest('hex');

it('is of the content', async () => {
  await writeFile(path('file'), content);
  await writeFile(path(name), content);
  expect(await hashFile(path('file'))).toBe(sha256);
  expect(await hashFile(path(name))).toBe(sha256);
});

it('is the name of what the hub’s cache holds, which is not read', async () => {
  for (const folder of ['blobs', 'snapshots']) await mkdir(path(folder));
  await writeFile(path('blobs', name), content);
  await symlink(`../blobs/${name}`, path('snapshots', 'model.safetensors'));
  expect(await hashFile(path('snapshots', 'model.safetensors'))).toBe(name);
  // A small file's blob has git's own hash of it.
  await writeFile(path('blobs', 'ab'.repeat(20)), content);
  await symlink(`../blobs/${'ab'.repeat(20)}`, path('snapshots', 'config.json'));
  expect(await hashFile(path('snapshots', 'config.json'))).toBe(sha256);
});

it('ends when it is told to', async () => {
  await expect(hashFile(path('file'), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});

import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { makeFolder } from './make-folder.ts';

const path = temporaryFolder();

it('is made with those above it, and the uppermost new one is named', async () => {
  const folder = path('a', 'b', 'c');
  expect(await makeFolder(folder)).toBe(path('a'));
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(await makeFolder(folder)).toBeUndefined();
  expect(await makeFolder(path('a', 'd'))).toBe(path('a', 'd'));
});

it('is made once by many at a time', async () => {
  const folder = path('x', 'y');
  await Promise.all(Array.from({ length: 10 }, () => makeFolder(folder)));
  expect(statSync(folder).isDirectory()).toBe(true);
});

it('is refused below a file, and below a folder that takes none', async (context) => {
  await writeFile(path('file'), '');
  await expect(makeFolder(path('file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(path('file', 'b', 'c'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  if (!existsSync('/proc/self')) context.skip('there is no /proc here');
  await expect(makeFolder(join('/proc', 'nope', 'cache'))).rejects.toMatchObject({ code: 'ENOENT' });
});

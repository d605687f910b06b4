import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { locateModel } from './locate-model.ts';

const path = temporaryFolder();

it('takes a package by its name, from here or from above, and says how to install one that is missing', async () => {
  const installed = path('node_modules/@acme/tiny');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), '{}');
  mkdirSync(path('deeper'));
  vi.spyOn(process, 'cwd').mockReturnValue(path('deeper'));
  expect(await locateModel('@acme/tiny', 'model')).toEqual({ folder: installed });
  await expect(locateModel('@acme/other', 'model')).rejects.toMatchObject({
    code: 'model-unavailable',
    fix: expect.stringContaining('npm install @acme/other'),
  });
  // A folder of that name goes first, and a hub id has no scope.
  expect(await locateModel('./@acme/other', 'model')).toEqual({ folder: './@acme/other' });
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkedModel } from './checked-model.ts';
import { ownFolder, pathInside, rowsInside, shownPath } from './inside.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'counterweight-inside-')));
afterAll(() => rmSync(place, { recursive: true }));
const [own, models, outside] = ['own', 'models', 'outside'].map((name) => join(place, name)) as [
  string,
  string,
  string,
];
for (const folder of [own, models, outside, join(own, 'rows'), `${own}-beside`]) mkdirSync(folder, { recursive: true });
for (const file of ['own/rows/a.csv', 'models/m.gguf', 'outside/secret', 'own-beside/b'])
  writeFileSync(join(place, file), '');
symlinkSync(join(outside, 'secret'), join(own, 'link'));
symlinkSync(outside, join(own, 'runs'));
symlinkSync(join(own, 'rows'), join(own, 'within'));
const roots = [own, models] as const;

it.each([
  ['rows/a.csv', 'own/rows/a.csv'],
  ['./rows/../rows/a.csv', 'own/rows/a.csv'],
  [join(models, 'm.gguf'), 'models/m.gguf'],
  ['../models/m.gguf', 'models/m.gguf'],
  ['within/a.csv', 'own/rows/a.csv'],
  ['.', 'own'],
])('finds %s', (path, found) => {
  expect(pathInside(path, roots)).toBe(join(place, found));
});

it.each([
  '../outside/secret',
  join(outside, 'secret'),
  'link',
  'runs/secret',
  '..',
  '../own-beside/b',
  'rows/none.csv',
  '/',
  '\0',
])('says the same of %j as of what is not there', (path) => {
  expect(() => pathInside(path, roots)).toThrow(/nothing of this name/);
});

it('makes no folder by a link that leads out', async () => {
  expect(await ownFolder('sweeps', roots)).toBe(join(own, 'sweeps'));
  await expect(ownFolder('runs', roots)).rejects.toThrow(/nothing of this name/);
});

it('takes hub ids for models, and no path in their disguise', () => {
  expect(checkedModel('org/name@main', roots)).toBe('org/name@main');
  expect(checkedModel('org/name/file.gguf', roots)).toBe('org/name/file.gguf');
  expect(checkedModel('rows/a.csv', roots)).toBe(join(own, 'rows/a.csv'));
  for (const path of ['runs/secret', '../outside', `${outside}/secret`, 'a/../../outside/secret', 'name']) {
    expect(() => checkedModel(path, roots)).toThrow(/nothing of this name/);
  }
});

it('names what is inside from the folder', () => {
  expect(shownPath(join(own, 'rows/a.csv'), roots)).toBe('rows/a.csv');
  expect(shownPath(join(models, 'm.gguf'), roots)).toBe(join(models, 'm.gguf'));
});

it('finds rows in a file and in a folder, but in none with a link that leads out', () => {
  expect(rowsInside('rows/a.csv', roots)).toBe(join(own, 'rows/a.csv'));
  expect(rowsInside('rows', roots)).toBe(join(own, 'rows'));
  mkdirSync(join(own, 'linked'));
  symlinkSync(join(own, 'rows/a.csv'), join(own, 'linked/a.csv'));
  expect(rowsInside('linked', roots)).toBe(join(own, 'linked'));
  symlinkSync(join(outside, 'secret'), join(own, 'linked/b.csv'));
  expect(() => rowsInside('linked', roots)).toThrow(/nothing of this name/);
});

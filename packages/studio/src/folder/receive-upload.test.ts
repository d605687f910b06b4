import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { receiveUpload } from './receive-upload.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'counterweight-upload-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const send = (name: string, text: string, { limit = 1000, bytes }: { limit?: number; bytes?: number } = {}) =>
  receiveUpload({ name, body: new Blob([text]).stream(), bytes }, [folder], limit);
const kept = () => (existsSync(join(folder, 'rows')) ? readdirSync(join(folder, 'rows')).sort() : []);

it('keeps a file by its name, the same one once, and another one beside it', async () => {
  const first = await send('rows.csv', 'a,b\n1,2\n');
  expect(readFileSync(first, 'utf8')).toBe('a,b\n1,2\n');
  expect(await send('rows.csv', 'a,b\n1,2\n')).toBe(first);
  expect(basename(await send('rows.csv', 'a,b\n3,4\n'))).toBe('rows-2.csv');
  expect(basename(await send('rows.csv', 'a,b\n3,4\n'))).toBe('rows-2.csv');
  expect(kept()).toEqual(['rows-2.csv', 'rows.csv']);
});

it.each([
  ['../../etc/rows.csv', 'rows.csv'],
  ['C:\\Users\\me\\rows.jsonl', 'rows.jsonl'],
  ['.hidden.csv', 'hidden.csv'],
  ['a<script>b.csv', 'a-script-b.csv'],
  ['Zeilen für März.csv.gz', 'Zeilen für März.csv.gz'],
])('takes the last part of %j, without what no name needs', async (name, taken) => {
  expect(basename(await send(name, 'x'))).toBe(taken);
  expect(kept()).toEqual([taken]);
});

it('takes the end of a name that is longer than a file system takes', async () => {
  for (const letter of ['a', '好', '𠀀']) {
    const name = basename(await send(`${letter.repeat(300)}.csv`, letter));
    expect(name).toMatch(new RegExp(`^(${letter})+[.]csv$`, 'u'));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  }
  expect(basename(await send(`${'b'.repeat(300)}..${'a'.repeat(195)}.csv`, 'x'))).toBe(`${'a'.repeat(195)}.csv`);
});

it.each(['program.sh', 'rows', '..', '', 'rows.csv/..'])('refuses %j, which is no file of rows', async (name) => {
  await expect(send(name, 'x')).rejects.toThrow(/no file of rows/);
  expect(kept()).toEqual([]);
});

it('refuses what is announced as too large before a byte of it, and what is too large unannounced, and keeps nothing', async () => {
  await expect(send('rows.csv', 'x', { bytes: 2e9 })).rejects.toThrow(/1.0 kB at most/);
  await expect(send('rows.csv', 'x'.repeat(1001))).rejects.toThrow(/at most/);
  await expect(send('rows.csv', 'x'.repeat(1001), { bytes: 10 })).rejects.toThrow(/at most/);
  expect(kept()).toEqual([]);
  await send('rows.csv', 'x'.repeat(1000));
});

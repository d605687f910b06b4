import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { readRows } from './read-rows.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterweight-rows-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}
const linesAndValues = async (path: string) => (await readRows(path)).map(({ line, value }) => [line, value]);

describe('readRows', () => {
  it('reads JSONL, skipping empty lines but counting them', async () => {
    const path = await file('a.jsonl', '\ufeff{"a":1}\r\n\r\n{"a":"x\u2028y"}\n');
    expect(await linesAndValues(path)).toEqual([
      [1, { a: 1 }],
      [3, { a: 'x\u2028y' }],
    ]);
  });

  it('reads a JSON array', async () => {
    expect(await linesAndValues(await file('a.json', '[{"a":1}, 7]'))).toEqual([
      [1, { a: 1 }],
      [2, 7],
    ]);
  });

  it('reads CSV with quotes, line breaks and a byte order mark', async () => {
    const path = await file('a.CSV', '\ufeffmessage, problem\r\n"one, ""two""\nthree",card\r\n\r\nfour,\r\n');
    expect(await linesAndValues(path)).toEqual([
      [1, { message: 'one, "two"\nthree', problem: 'card' }],
      [2, { message: 'four', problem: '' }],
    ]);
  });

  it('reads several files in order, and remembers which row is whose', async () => {
    const paths = [await file('b.jsonl', '{"n":1}'), await file('a.csv', 'n\n2')];
    expect((await readRows(paths)).map((row) => row.file)).toEqual(paths);
  });

  it.each([
    ['x.jsonl', '{"a":1}\n{"a": }\n', 'file-malformed', /Line 2 is not JSON: \{"a": \}[\s\S]*x\.jsonl, row 2/],
    ['x.jsonl', ' \n\n', 'file-empty', /no rows/],
    ['x.json', '[]', 'file-empty', /no rows/],
    ['x.json', '{"a":1}', 'file-malformed', /not an array/],
    ['x.json', '{"a":1}\n{"a":2}', 'file-malformed', /name it .jsonl/],
    ['x.csv', 'a,b\n', 'file-empty', /no rows/],
    ['x.csv', 'a,b\n1,2\n3\n', 'file-malformed', /x\.csv, line 3/],
    ['x.csv', 'a,b\n"1,2\n', 'file-malformed', /CSV is broken/],
    ['x.csv', 'a,a\n1,2\n', 'file-malformed', /Two columns are named "a"/],
    ['x.csv', 'a,\n1,2\n', 'file-malformed', /A column has no name/],
    ['x.csv', new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]), 'file-malformed', /not UTF-8/],
    ['x.parquet', 'PAR1', 'option-invalid', /\.parquet can't be read[\s\S]*\.jsonl/],
    ['rows', 'a', 'option-invalid', /no extension/],
  ])('explains %s with %j', async (name, content, code, message) => {
    const path = await file(name, content);
    const error = await readRows(path).catch((e) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.where).toContain(path);
  });

  it('explains a path that leads nowhere, or to a folder', async () => {
    await expect(readRows(join(folder, 'no.csv'))).rejects.toMatchObject({ code: 'file-not-found' });
    await mkdir(join(folder, 'dir.json'));
    await expect(readRows(join(folder, 'dir.json'))).rejects.toThrow(/Give a file, not a folder/);
  });
});

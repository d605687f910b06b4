import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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
    expect(await linesAndValues(await file('a.json', '[{"a":1},\n\n 7]'))).toEqual([
      [1, { a: 1 }],
      [3, 7],
    ]);
  });

  it('reads CSV with quotes, line breaks and a byte order mark', async () => {
    const path = await file('a.CSV', '\ufeffmessage, problem\r\n"one, ""two""\nthree",card\r\n\r\nfour,\r\n');
    expect(await linesAndValues(path)).toEqual([
      [2, { message: 'one, "two"\nthree', problem: 'card' }],
      [5, { message: 'four', problem: '' }],
    ]);
  });

  it('reads TSV, with quotes in the midst of a field', async () => {
    const path = await file('a.tsv', 'prompt\tcompletion\na "b" c\td, e\n');
    expect(await linesAndValues(path)).toEqual([[2, { prompt: 'a "b" c', completion: 'd, e' }]]);
  });

  it.each<[string, string | Buffer]>([
    ['a.jsonl', '{"n":1}\n{"n":2}'],
    ['a.ndjson', '{"n":1}\n{"n":2}'],
    ['a.json', '[{"n":1},{"n":2}]'],
    ['a.CSV', 'n\n1\n2'],
    ['a.tsv', 'n\n1\n2'],
    ['a.parquet', readFileSync(new URL('./parquet/fixtures/rows.none.parquet', import.meta.url))],
  ])('reads %s with gzip as it does without', async (name, content) => {
    const unpacked = await linesAndValues(await file(name, content));
    expect(await linesAndValues(await file(`${name}.gz`, gzipSync(content)))).toEqual(unpacked);
    expect(unpacked.length).toBeGreaterThan(1);
  });

  it('reads what it can of a folder, by name', async () => {
    await file('2.jsonl', '{"n":2}');
    await file('1.csv', 'n\n1');
    await file('README.md', 'about');
    await file('.hidden.csv', 'n\n0');
    expect(await linesAndValues(folder)).toEqual([
      [2, { n: '1' }],
      [1, { n: 2 }],
    ]);
  });

  it('reads arrays and lines whatever pieces they come in', async () => {
    // Larger than what a file is read in, with brackets, commas and quotes inside of texts.
    const rows = Array.from({ length: 40 }, (_, n) => ({
      n,
      text: 'a"],{\\[你'.repeat(1000),
      nested: [[n], { n: [] }],
    }));
    const json = await file('large.json', JSON.stringify(rows, null, 1));
    const jsonl = await file('large.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect((await readRows(json)).map(({ value }) => value)).toEqual(rows);
    expect((await readRows(jsonl)).map(({ value }) => value)).toEqual(rows);
  });

  it('reads characters that are written as two escapes, and a backslash before a u', async () => {
    const path = await file('a.jsonl', '{"a":"\\ud83d\\ude00","b":"\\\\ud83d"}');
    expect(await linesAndValues(path)).toEqual([[1, { a: '😀', b: '\\ud83d' }]]);
  });

  it('reads fields by names that objects of JavaScript have, and changes no object', async () => {
    const path = await file('a.jsonl', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const [row] = await readRows(path);
    expect(Object.keys(row?.value as object)).toEqual(['__proto__', 'constructor']);
    expect(row?.value).not.toHaveProperty('polluted');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('reads several files in order, and remembers which row is whose', async () => {
    const paths = [await file('b.jsonl', '{"n":1}'), await file('a.csv', 'n\n2')];
    expect((await readRows(paths)).map((row) => row.file)).toEqual(paths);
  });

  it.each([
    [
      'x.jsonl',
      '{"a":1}\n{"a": }\n',
      'file-malformed',
      /Line 2 is not JSON: a value is missing before \}: \{"a": \}[\s\S]*x\.jsonl, line 2, column 7/,
    ],
    ['x.jsonl', ' \n\n', 'file-empty', /no rows/],
    ['x.json', '[]', 'file-empty', /no rows/],
    ['x.csv', 'a,b\n', 'file-empty', /no rows/],
    ['x.csv', 'a,b\n1,2\n3\n', 'file-malformed', /x\.csv, line 3/],
    ['x.csv', 'a,b\n"1,2\n', 'file-malformed', /A quote is opened and not closed[\s\S]*x\.csv, line 2, field 1/],
    ['x.csv', 'a,a\n1,2\n', 'file-malformed', /Two columns are named "a"/],
    ['x.csv', new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]), 'file-malformed', /not UTF-8/],
    ['x.json', '[{"a":1}', 'file-malformed', /has no end/],
    ['x.json', '[{"a":1},]', 'file-malformed', /A comma follows the last element/],
    ['x.json', '[{"a":1},,{"a":1}]', 'file-malformed', /Element 2/],
    ['x.json', '[,]', 'file-malformed', /Element 1/],
    ['x.json', '[{"a":1]}', 'file-malformed', /Element 1/],
    ['x.json', '[{"a":1},{"b":{"c":1,"c":2}}]', 'file-malformed', /"c" stands twice[\s\S]*line 1, column 10/],
    ['x.jsonl', '{"a":1}\n{"a":1,"\\u0061":2}', 'file-malformed', /Line 2 .*"a" stands twice[\s\S]*line 2/],
    ['x.jsonl', '{"a":["\\uD83D"]}', 'file-malformed', /half a character[\s\S]*line 1/],
    ['x.jsonl', '{"a":"\\udE00\\uD83D"}', 'file-malformed', /half a character/],
    ['x.csv', 'a,__proto__\n1,2\n', 'file-malformed', /named "__proto__"/],
    ['x.json', '[1] 2', 'file-malformed', /Something follows the array/],
    [
      'x.json',
      '[{"a":1}, {"a":}]',
      'file-malformed',
      /Element 2 of the array is not JSON[\s\S]*x\.json, line 1, column 16/,
    ],
    ['x.tsv', 'a\tb\n1\n', 'file-malformed', /1 field, and the header 2: "b" is missing[\s\S]*tabs/],
    ['x.parquet', 'PAR1', 'file-malformed', /no Parquet that can be read/],
    ['x.jsonl.gz', '{"a":1}', 'file-malformed', /not whole gzip/],
    ['x.xlsx', 'a', 'option-invalid', /\.xlsx can't be read[\s\S]*\.jsonl/],
    ['rows', 'a', 'option-invalid', /no extension/],
  ])('explains %s with %j', async (name, content, code, message) => {
    const path = await file(name, content);
    const error = await readRows(path).catch((e) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.where).toContain(path);
  });

  it('explains a path that leads nowhere, or to a folder without rows', async () => {
    await expect(readRows(join(folder, 'no.csv'))).rejects.toMatchObject({ code: 'file-not-found' });
    await mkdir(join(folder, 'dir.json'));
    await expect(readRows(join(folder, 'dir.json'))).rejects.toThrow(/The folder has no file of rows/);
  });
});

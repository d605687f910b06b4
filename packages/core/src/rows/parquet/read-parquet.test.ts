import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compileTemplate } from '../../jinja/index.ts';
import { readRows } from '../read-rows.ts';
import type { SourceRow } from '../source-row.ts';
import { fileInMemory, parquetRows } from './read-parquet.ts';

const pathOf = (name: string) => new URL(`./fixtures/${name}.parquet`, import.meta.url).pathname;
const expected: Record<string, unknown[]> = JSON.parse(
  readFileSync(new URL('./fixtures/expected.json', import.meta.url), 'utf8'),
);

async function valuesOf(bytes: Uint8Array): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { value } of parquetRows(fileInMemory(bytes), 'x.parquet')) rows.push(value);
  // Bytes that are no text, as the fixtures write them.
  return JSON.parse(
    JSON.stringify(rows, (_, value) => (value instanceof Uint8Array ? { bytes: [...value] } : (value as unknown))),
  );
}

const said = (user: string, assistant: string) => [
  { role: 'user', content: user },
  { role: 'assistant', content: assistant },
];
const ROWS = [
  { messages: said('One?', 'Eins.'), number: 1, weight: 0.5 },
  { messages: said('Two? 你好', 'Zwei.'), number: 2, weight: 1 },
  { messages: said('Three?', 'Drei.'), number: null, weight: 0 },
];

describe('Parquet', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])(
    'is read in groups of rows, packed with %s',
    async (name) => {
      const rows = await readRows(pathOf(`rows.${name}`));
      expect(rows.map(({ line, value }) => [line, value])).toEqual(ROWS.map((row, i) => [i + 1, row]));
    },
  );

  it('is read packed as a whole, too', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'parquet-')), 'x.parquet.gz');
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    writeFileSync(path, gzipSync(readFileSync(pathOf('rows.none'))));
    expect((await readRows(path)).map(({ value }) => value)).toEqual(ROWS);
  });

  it.each(Object.keys(expected))('has the values that pyarrow reads: %s', async (name) => {
    expect(await valuesOf(readFileSync(pathOf(name)))).toEqual(expected[name]);
  });

  it('keeps integers exact: as texts where no number holds them', async () => {
    expect(await valuesOf(readFileSync(pathOf('integers')))).toEqual([
      { id: 9007199254740991 },
      { id: '9007199254740993' },
      { id: '-9223372036854775808' },
    ]);
  });
});

it('tells intervals of months, days and milliseconds as what they are', async () => {
  expect(await valuesOf(readFileSync(pathOf('intervals.duckdb')))).toEqual([
    { took: 'P1M2DT27H3M4.5S' },
    { took: 'P0DT0H0M0S' },
    { took: null },
  ]);
});

describe('calls in Parquet', () => {
  const written = (value: unknown) => compileTemplate('{{ x | tojson }}').render({ x: value }, { date: new Date(0) });

  it('keep their numbers and the order of their names, which all else has as JavaScript does', async () => {
    const [row] = await readRows(pathOf('calls'));
    const { arguments: struct, parameters: map, other } = (row as SourceRow).value as Record<string, unknown>;
    expect(written(struct)).toBe('{"b": 20.0, "10": 2}');
    expect(written(map)).toBe('{"b": 1.0, "10": 20.0}');
    expect(other).toEqual({ b: 20, 10: 2 });
  });

  it('are those by the names that map gives', async () => {
    const [row] = await readRows(pathOf('calls'), undefined, { map: { tools: 'other', x: 'arguments' } });
    const { tools, x } = (row as SourceRow).value as Record<string, unknown>;
    expect(written(tools)).toBe('{"b": 20.0, "10": 2}');
    expect(x).toEqual({ b: 20, 10: 2 });
  });
});

describe('a damaged Parquet file', () => {
  // Each is rows.zstd.parquet with one bit turned.
  it.each([
    ['fewer-rows', /number of rows of row group 2/],
    ['no-offset', /place of column "weight" of row group 2/],
  ])('is refused, by what is wrong: %s', async (name, reason) => {
    const message = expect.stringMatching(reason) as string;
    await expect(readRows(pathOf(name))).rejects.toMatchObject({ code: 'file-malformed', message });
  });

  it.each(['checksum', 'snappy'])(
    'is refused or read as it was, whichever bit of its data is turned: %s',
    async (name) => {
      const bytes = readFileSync(pathOf(`rows.${name}`));
      const contents = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
      let refused = 0;
      for (let at = 4; at < contents; at++) {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
        const read = await valuesOf(damaged).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'file-malformed' });
          refused++;
        });
        // Without checksums, numbers between the smallest and the largest can turn unseen.
        if (read !== undefined && name === 'checksum') expect(read).toEqual(ROWS);
      }
      expect(refused).toBeGreaterThan(contents / 3);
    },
  );

  it('is read as well without what its writer says of durations, whichever bit of that is turned', async () => {
    const bytes = readFileSync(pathOf('durations.polars'));
    const from = bytes.indexOf('ARROW:schema') + 'ARROW:schema'.length;
    for (let at = from; at < bytes.length - 8; at += 3) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] as number) ^ (1 << (at % 7));
      const read = await valuesOf(damaged).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'file-malformed' });
      });
      if (read !== undefined) expect(read).toHaveLength(4);
    }
  });

  it('is refused wherever it is cut off', async () => {
    const bytes = readFileSync(pathOf('rows.none'));
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(valuesOf(bytes.subarray(0, length)), String(length)).rejects.toMatchObject({
        code: 'file-malformed',
      });
    }
  });
});

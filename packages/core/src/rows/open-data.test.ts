import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { keptName, numberLiteral } from '../recipe/exact-json.ts';
import type { Data } from './data.ts';
import { type OpenedData, openData } from './open-data.ts';
import { firstRows } from './read-rows.ts';
import type { SourceRow } from './source-row.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterweight-open-'));
const path = join(folder, 'rows.jsonl');
const rows = [{ a: 1 }, { a: 'two', b: [null, { c: 3 }] }, { a: 4 }];
writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

async function collect(source: AsyncIterable<SourceRow>): Promise<SourceRow[]> {
  const all: SourceRow[] = [];
  for await (const row of source) all.push(row);
  return all;
}
const valuesOf = async (data: OpenedData) => (await collect(data.rows())).map(({ value }) => value);
const hashOf = async (data: OpenedData) => (await data.contents()).map((one) => ('sha256' in one ? one.sha256 : ''));

async function* generated() {
  yield* rows;
}

const kinds: [string, () => Data][] = [
  ['an array', () => rows],
  ['an iterable', () => new Set(rows)],
  ['a generator', () => rows.values()],
  ['an async generator', () => generated()],
  ['a stream', () => Readable.from(rows)],
  ['a function that gives a generator', () => generated],
  ['a function that gives an array', () => () => rows],
];

describe('rows in memory', () => {
  it.each(kinds)('are read from %s, as often as wanted, and have one hash', async (_, data) => {
    const opened = openData(data());
    expect(await collect(opened.rows())).toEqual(
      rows.map((value, i) => ({ file: undefined, line: i + 1, value, number: i, dataset: 0 })),
    );
    expect(await valuesOf(opened)).toEqual(rows);
    expect(await valuesOf(opened)).toEqual(rows);
    expect(await hashOf(opened)).toEqual(await hashOf(await read(openData(rows))));
    expect(await hashOf(await read(openData(rows.slice(1))))).not.toEqual(await hashOf(opened));
  });
  const read = async (data: OpenedData) => {
    await valuesOf(data);
    return data;
  };

  it('keep dates and large integers, and are what they were when they were read', async () => {
    const row = { at: new Date(0), id: 2n ** 60n };
    const opened = openData([row].values());
    expect(await valuesOf(opened)).toEqual([row]);
    expect(await valuesOf(opened)).toEqual([row]);
  });

  it('that have no end are read as far as they are wanted, and then let go', async () => {
    let [made, isLetGo] = [0, false];
    async function* endless() {
      try {
        for (;;) yield { n: made++ };
      } finally {
        isLetGo = true;
      }
    }
    const opened = openData(endless());
    const first = async () => (await collect(firstRows(opened.rows(), 3))).map(({ value }) => value);
    expect(await first()).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(await first()).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    await opened.close();
    expect([made, isLetGo]).toEqual([3, true]);
  });

  it('may stand beside files, and their places say which they are', async () => {
    const opened = openData([path, rows, generated()], { option: 'evalData' });
    const all = await collect(opened.rows());
    expect(all.map(({ file, line, dataset }) => [file, line, dataset])).toEqual([
      ...[1, 2, 3].map((line) => [path, line, 0]),
      ...[1, 2, 3].map((line) => ['evalData[1]', line, 1]),
      ...[1, 2, 3].map((line) => ['evalData[2]', line, 2]),
    ]);
    expect((await opened.contents()).map((one) => ('path' in one ? one.path : one.name))).toEqual([
      path,
      'evalData[1]',
      'evalData[2]',
    ]);
  });

  it('must be the same each time', async () => {
    let calls = 0;
    const opened = openData(() => [{ n: calls++ }]);
    await valuesOf(opened);
    await expect(valuesOf(opened)).rejects.toThrow(/not the same each time/);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /There is no data/],
    [7, /neither a path nor rows/],
    [{ a: 1 }, /neither a path nor rows/],
    [Promise.resolve([]), /await/],
    [new Uint8Array(3), /neither a path nor rows/],
    [['a.jsonl', 7], /data\[1\] is neither a path nor rows/],
  ])('are not %o', (data, reason) => {
    expect(() => openData(data as Data)).toThrow(reason);
  });

  it('are plain data, and some', async () => {
    await expect(valuesOf(openData([]))).rejects.toThrow(/There are no rows/);
    await expect(valuesOf(openData([], { option: 'evalData' }))).rejects.toThrow(/There are no rows/);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    await expect(valuesOf(openData([{ a: 1 }, circle]))).rejects.toThrow(/no plain data[\s\S]*data, row 2/);
    await expect(valuesOf(openData([{ f: () => 1 }].values()))).rejects.toThrow(/no plain data[\s\S]*data, row 1/);
  });
});

describe('columns under other names', () => {
  const mapped = async (map: Record<string, string>, values: readonly unknown[]) =>
    collect(openData(values, { map }).rows());

  it.each<[Record<string, string>, object, object]>([
    [{ prompt: 'Q' }, { Q: 'a', x: 1 }, { prompt: 'a', x: 1 }],
    [
      { a: 'b', b: 'a' },
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    [{ a: 'x', b: 'x' }, { x: 1 }, { a: 1, b: 1 }],
    [
      { prompt: 'd.q', completion: 'd.a.text.0' },
      { d: { q: 'a', a: { text: ['b', 'c'] } } },
      { prompt: 'a', completion: 'b', d: { a: { text: ['b', 'c'] } } },
    ],
    [{ prompt: 'd.q' }, { d: { q: 'a' } }, { prompt: 'a' }],
    [{ prompt: 'd.q' }, { 'd.q': 'own', d: { q: 'inner' } }, { prompt: 'own', d: { q: 'inner' } }],
    [{ prompt: 'Q' }, { prompt: 'old', Q: 'new' }, { prompt: 'new' }],
    [{ prompt: 'Q' }, { Q: null, z: 1 }, { prompt: null, z: 1 }],
  ])('with %j, %j is %j', async (map, row, expected) => {
    const [read] = await mapped(map, [row]);
    expect(read?.value).toEqual(expected);
    expect(read?.unmapped).toEqual(row);
  });

  const asWritten = [{ least: numberLiteral('20.0'), b: 1, [keptName('10')]: 2 }];
  const asJavaScriptHas = [{ least: 20, 10: 2, b: 1 }];
  it.each<[Record<string, string>, (calls: string) => string, object]>([
    [{ tools: 'F' }, (calls) => `{"F": ${calls}, "x": ${calls}}`, { tools: asWritten, x: asJavaScriptHas }],
    [{ tools: 'M.F' }, (calls) => `{"M": {"F": ${calls}, "x": 1.0}}`, { tools: asWritten, M: { x: 1 } }],
    [{ x: 'tools' }, (calls) => `{"tools": ${calls}}`, { x: asJavaScriptHas }],
  ])('keep numbers and order where they are calls by their new names: %j', async (map, rowWith, expected) => {
    const path = join(folder, 'mapped.jsonl');
    writeFileSync(path, rowWith('[{"least": 20.0, "b": 1, "10": 2}]'));
    const [row] = await collect(openData(path, { map }).rows());
    expect(row?.value).toEqual(expected);
  });

  it('may be missing in some rows, but not in all', async () => {
    const read = await mapped({ prompt: 'Question' }, [{ prompt: 'a' }, { Question: 'b' }]);
    expect(read.map(({ value }) => value)).toEqual([{ prompt: 'a' }, { prompt: 'b' }]);
    await expect(mapped({ prompt: 'Qestion' }, [{ Question: 'b' }])).rejects.toThrow(
      /No row has the column "Qestion"[\s\S]*Did you mean "Question"\?/,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonProblem } from './json-problem.ts';
import { jsonRows } from './read-json.ts';
import type { SourceRow } from './source-row.ts';

async function read(content: string | readonly string[], usual: 'array' | 'lines' = 'lines') {
  const notes: string[] = [];
  const rows: SourceRow[] = [];
  const pieces = (async function* () {
    yield* [content].flat();
  })();
  for await (const row of jsonRows(pieces, { path: 'x', usual, note: (text) => notes.push(text) })) rows.push(row);
  const problems = rows.flatMap(({ problem }) =>
    problem ? [`${problem.where}: ${problem.problem} ${problem.fix}`] : [],
  );
  return { values: rows.map(({ value }) => value), notes, problems };
}

const two = [{ a: 1 }, { a: [{ b: 2 }] }];

describe('jsonRows', () => {
  it.each([
    ['a row a line', 'lines', '{"a":1}\n{"a":[{"b":2}]}\n', []],
    ['an array', 'array', '[{"a":1},\n{"a":[{"b":2}]}]\n\n', []],
    ['an array that is named .jsonl', 'lines', '[{"a":1},{"a":[{"b":2}]}]\n', ['read as an array of rows']],
    ['an array over several lines', 'lines', '[\n  {"a":1},\n  {"a":[{"b":2}]}\n]', ['read as an array of rows']],
    ['lines that are named .json', 'array', '\n{"a":1}\r\n\r\n{"a":[{"b":2}]}\r\n\r\n', ['read as a row a line']],
    [
      'objects over several lines',
      'array',
      '{\n "a":1\n}\n{\n "a":[\n {"b":2}]}\n',
      ['read as rows that go over several lines'],
    ],
    [
      'objects over several lines that are named .jsonl',
      'lines',
      '{\n "a":1\n}{"a":[{"b":2}]}',
      ['read as rows that go over several lines'],
    ],
  ] as const)('reads %s, in any pieces', async (_, usual, content, notes) => {
    for (let at = 0; at <= content.length; at++) {
      expect(await read([content.slice(0, at), content.slice(at)], usual)).toEqual({
        values: two,
        notes,
        problems: [],
      });
    }
  });

  it('reads a file of one row of either name, and a list of lists', async () => {
    expect((await read('{\n"a": [1]}', 'array')).values).toEqual([{ a: [1] }]);
    expect((await read('{"messages":[{"role":"user"}]}')).values).toEqual([{ messages: [{ role: 'user' }] }]);
    expect((await read('[{"a":1}]\n[{"a":2}]\n')).values).toEqual([[{ a: 1 }], [{ a: 2 }]]);
  });

  it.each([
    [
      '{"a":1,"b":NaN}',
      'x, line 2, column 12: Line 2 is not JSON: NaN is no value of JSON: {"a":1,"b":NaN} Write null',
    ],
    ['{"a":-Infinity}', 'column 6: Line 2 is not JSON: -Infinity is no value of JSON'],
    ['{"a":True}', 'True is no value of JSON: {"a":True} Write true. Python writes JSON with json.dumps'],
    ['{"a":None}', 'column 6: Line 2 is not JSON: None is no value of JSON: {"a":None} Write null.'],
    ['{"a":undefined}', 'undefined is no value of JSON: {"a":undefined} Write null, or leave'],
    ["{'a':1}", 'column 2: Line 2 is not JSON: names stand in double quotes, not in single ones'],
    [`{"a":'b'}`, 'column 6: Line 2 is not JSON: texts stand in double quotes'],
    ['{a:1}', 'column 2: Line 2 is not JSON: a name stands without quotes'],
    ['{"a":1,}', 'column 7: Line 2 is not JSON: a comma stands before }: {"a":1,} Take the comma away.'],
    ['{"a":[1,]}', 'column 8: Line 2 is not JSON: a comma stands before ]'],
    ['{"a":1', 'column 7: Line 2 is not JSON: it ends before the object is closed that begins at its character 1'],
    ['{"a":[1}', 'column 8: Line 2 is not JSON: } stands where ] is due'],
    ['{"a":1}{"a":2}', 'column 8: Line 2 is not JSON: another one follows it: {"a":1}{"a":2} Put each on a line'],
    ['{"a":1},', 'column 8: Line 2 is not JSON: a comma follows it: {"a":1}, Take the comma away.'],
    ['{"a":1}}', 'column 8: Line 2 is not JSON: } follows it'],
    ['{"a":"say "b""}', 'column 12: Line 2 is not JSON: a text ends, and neither a comma or } follows it'],
    ['{"a":"b', 'column 6: Line 2 is not JSON: it ends within a text: {"a":"b Close its quotes'],
    ['{"a":"b\tc"}', 'column 8: Line 2 is not JSON: a tab stands within a text'],
    [
      '{"a":"C:\\data"}',
      'column 9: Line 2 is not JSON: \\d in a text means nothing: {"a":"C:\\data"} Write a backslash as \\\\.',
    ],
    ['{"a" 1}', 'column 6: Line 2 is not JSON: a colon is missing'],
    ['{"a":1 "b":2}', 'column 8: Line 2 is not JSON: a comma or } is missing'],
    ['{"a":01}', 'column 6: Line 2 is not JSON: 01 is no number'],
    ['{"a":.5}', 'column 6: Line 2 is not JSON: .5 is no number'],
    ['{"a":1_000}', '1_000 is no number'],
    ['{"a":1} // one', 'column 9: Line 2 is not JSON: / follows it'],
    ['plain words', 'column 1: Line 2 is not JSON: plain is no value of JSON'],
  ])('names what is wrong with %j and where, and reads the rows around it', async (line, problem) => {
    const { values, problems } = await read(`{"a":0}\n${line}\r\n{"a":9}\n`);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(values).toEqual([{ a: 0 }, undefined, { a: 9 }]);
  });

  it('names line and column within an array, and reads the elements around it', async () => {
    const { values, problems } = await read('[\n  {"a":0},\n  {"a":\n    NaN}, {"a":"x\ny"},\n {"a":9}]', 'array');
    expect(values).toEqual([{ a: 0 }, undefined, undefined, { a: 9 }]);
    expect(problems).toEqual([
      expect.stringContaining('x, line 4, column 5: Element 2 of the array is not JSON: NaN'),
      expect.stringContaining(
        'x, line 4, column 18: Element 3 of the array is not JSON: a line break stands within a text',
      ),
    ]);
  });

  it.each([
    ['{"data":[{"a":1}]}', /whose rows are in "data"[\s\S]*jq -c '\.data\[\]' x > x-rows\.jsonl/],
    ['{\n"version":1,\n"train":[{"a":1}],"test":[{"a":2}]}', /rows are in "train" and "test"/],
    ['{"prompt":{"0":"a","1":"b"},"completion":{"0":"c","1":"d"}}', /columns[\s\S]*orient='records', lines=True/],
    ['{"prompt":["a","b"],"completion":["c","d"]}', /columns, not rows/],
    ['{\n"a":1,\n', /has no end/],
    ['[{"a":1},{"a":2}', /The array that the file holds has no end/],
  ])('refuses %j', async (content, reason) => {
    await expect(read(content, 'array')).rejects.toThrow(reason);
  });
});

describe('jsonProblem', () => {
  it('finds nothing in what is JSON, and something in what is not, within the text', () => {
    const json = fc.json({ maxDepth: 4 });
    const damage = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', ',', '}', '"', "'", 'N', '\\', '\n', ':', '{', '-', '1'),
    );
    fc.assert(
      fc.property(json, fc.option(damage), (text, change) => {
        const at = change ? change[0] % (text.length + 1) : 0;
        const damaged = change ? text.slice(0, at) + change[2] + text.slice(at + change[1]) : text;
        const isJson = (() => {
          try {
            JSON.parse(damaged);
            return true;
          } catch {
            return false;
          }
        })();
        const problem = jsonProblem(damaged);
        expect(problem === undefined, damaged).toBe(isJson);
        expect(problem?.at ?? 0).toBeLessThanOrEqual(damaged.length);
      }),
      { numRuns: 3000 },
    );
  });
});

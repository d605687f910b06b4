import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimitedRows } from './read-delimited.ts';
import type { SourceRow } from './source-row.ts';

async function read(content: string | readonly string[], usual: ',' | '\t' = ',') {
  const notes: string[] = [];
  const rows: SourceRow[] = [];
  const pieces = (async function* () {
    yield* [content].flat();
  })();
  for await (const row of delimitedRows(pieces, { path: 'x.csv', usual, note: (text) => notes.push(text) })) {
    rows.push(row);
  }
  const problems = rows.flatMap(({ problem }) => (problem ? [`${problem.where}: ${problem.problem}`] : []));
  return { values: rows.map(({ value }) => value), rows, notes, problems };
}

const two = [
  { prompt: 'a', completion: 'x' },
  { prompt: 'b', completion: 'y, z' },
];

describe('delimitedRows', () => {
  it.each([
    ['commas', 'prompt,completion\na,x\nb,"y, z"\n', []],
    ['semicolons, as where commas are in numbers', 'prompt;completion\na;x\nb;y, z\n', [/semicolons/]],
    ['tabs', 'prompt\tcompletion\na\tx\nb\ty, z\n', [/tabs/]],
    ['bars', 'prompt|completion\na|x\nb|y, z\n', [/bars/]],
    ["Excel's first line", 'sep=;\r\nprompt;completion\r\na;x\r\nb;y, z\r\n', [/semicolons/]],
    ["Excel's first line in quotes", '"sep=^"\nprompt^completion\na^x\nb^y, z\n', [/"\^"/]],
    ['line ends of an old Mac', 'prompt;completion\ra;x\rb;y, z\r', [/semicolons/]],
    ['line ends that differ', 'prompt;completion\r\na;x\nb;y, z\r', [/semicolons/]],
    ['blank lines before, between and at the end', '\n\nprompt;completion\n\na;x\n \nb;y, z\n\n\n', [/semicolons/]],
    [
      'rows of delimiters, as spreadsheets end',
      'prompt;completion\na;x\n;\nb;y, z\n;\n',
      [/semicolons/, /2 rows with nothing/],
    ],
    ["pandas' column of row numbers", ',prompt,completion\n0,a,x\n1,b,"y, z"\n', [/1 column without a name left out/]],
    [
      'a delimiter at the end of each line',
      'prompt,completion,\na,x,\nb,"y, z",\n',
      [/1 column without a name left out/],
    ],
    ['a delimiter at the end of each row', 'prompt,completion\na,x,\nb,"y, z",,\n', []],
    ['a delimiter at the end of the header', 'prompt,completion,\na,x\nb,"y, z"\n', [/1 column without a name/]],
    ['rows that are all divided otherwise', 'prompt;completion\na;x;\nb;y, z;\n', [/semicolons/]],
    ['spaces around quotes', 'prompt, completion\na,x\nb, "y, z"\n', []],
  ])('reads %s', async (_, content, notes) => {
    const found = await read(content);
    expect(found.values).toEqual(two);
    expect(found.notes).toEqual(notes.map((note) => expect.stringMatching(note)));
  });

  it('takes a delimiter for part of a name where it divides nothing but the header', async () => {
    expect((await read('What is it? Yes; no\nA cat\nA dog\n')).values).toEqual([
      { 'What is it? Yes; no': 'A cat' },
      { 'What is it? Yes; no': 'A dog' },
    ]);
    expect((await read('prompt,completion (a;b)\na,x\nb,y;z\n')).values).toEqual([
      { prompt: 'a', 'completion (a;b)': 'x' },
      { prompt: 'b', 'completion (a;b)': 'y;z' },
    ]);
  });

  it.each(['| prompt | completion |\n|---|:---:|\n| a | b |\n', 'prompt|completion\n--|--\na|b\n'])(
    'is no table of Markdown: %j',
    async (content) => {
      await expect(read([content], ',')).rejects.toThrow(/table of Markdown[\s\S]*x\.csv, line 2/);
    },
  );

  it('does not choose between two delimiters that fit alike, but where the name of the file says', async () => {
    await expect(read('a,b;c\n1,2;3\n')).rejects.toThrow(/commas or by semicolons[\s\S]*header[\s\S]*sep=,/);
    expect((await read('sep=;\na,b;c\n1,2;3\n')).values).toEqual([{ 'a,b': '1,2', c: '3' }]);
    expect((await read('a,b\tc\n1,2\t3\n', '\t')).values).toEqual([{ 'a,b': '1,2', c: '3' }]);
  });

  it('names rows with too few or too many fields, by line and column, and reads those after them', async () => {
    const { values, rows, problems } = await read('sep=,\nprompt,completion\n"a\nb",x,y\n\nc\nd,z\n"e, "f" g,h\ni,j\n');
    expect(problems).toEqual([
      'x.csv, line 3, column 6: The row has 3 fields, and the header 2: "y" is too many.',
      'x.csv, line 6, column 1: The row has 1 field, and the header 2: "completion" is missing.',
      'x.csv, line 8, column 1: Field 1 begins with a quote, and goes on behind the closing one.',
    ]);
    expect(values).toEqual([
      undefined,
      undefined,
      { prompt: 'd', completion: 'z' },
      undefined,
      { prompt: 'i', completion: 'j' },
    ]);
    expect(rows.map(({ row, line }) => [row, line])).toEqual([3, 6, 7, 8, 9].map((line, i) => [i + 1, line]));
  });

  it('reads any table with any of the delimiters, in any pieces', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', 'b', '你', ' ', '"', ',', ';', '\t', '|', '\n'),
      maxLength: 8,
    });
    const written = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.nat(),
        async (table, delimiter, end, cut) => {
          const content = [['one', 'two'], ...table].map((row) => row.map(written).join(delimiter) + end).join('');
          const at = cut % content.length;
          const { values } = await read([content.slice(0, at), content.slice(at)]);
          const isBlank = ([one, two]: [string, string]) => `${one}${two}`.trim() === '';
          expect(values).toEqual(table.filter((row) => !isBlank(row)).map(([one, two]) => ({ one, two })));
        },
      ),
      { numRuns: 200 },
    );
  });
});

import { join } from 'node:path';
import { decodedText } from '../../../packages/core/src/rows/decode-text.ts';
import { fileInMemory, parquetRows } from '../../../packages/core/src/rows/parquet/read-parquet.ts';
import { delimitedRows } from '../../../packages/core/src/rows/read-delimited.ts';
import { jsonRows } from '../../../packages/core/src/rows/read-json.ts';
import type { SourceRow } from '../../../packages/core/src/rows/source-row.ts';
import { bytes, core, filesIn, JSON_WORDS, type Target } from './target.ts';

const rowsOf = (read: (text: AsyncIterable<string>) => AsyncIterable<SourceRow>) => async (input: Uint8Array) => {
  // In two pieces, as large files come in many.
  const pieces = async function* () {
    yield input.subarray(0, input.length >> 1);
    yield input.subarray(input.length >> 1);
  };
  for await (const { value, problem } of read(decodedText(pieces(), 'x'))) {
    if (value === undefined && !problem) throw new Error('a row is undefined');
  }
};

const jsonRow =
  '{"prompt":"a \\"b\\"","completion":"c\\n😀","n":[1,-2.5e3,{"x":null}],"messages":[{"role":"user","content":"x"}]}';

export const jsonLinesTarget: Target = {
  name: 'jsonl',
  json: 'lines',
  words: [...JSON_WORDS, '\n', '\r\n', '\ufeff', '{}\n'],
  seeds: [bytes(`${jsonRow}\n\n${jsonRow}\r\n`), bytes('\ufeff{"a":"\\ud83d\\ude00"}')],
  read: rowsOf((text) => jsonRows(text, { path: 'x.jsonl', usual: 'lines', note: () => {} })),
};

export const jsonTarget: Target = {
  name: 'json',
  json: 'whole',
  words: [...JSON_WORDS, '[{"a":1},', '{"a":1}\n', '\n', '\ufeff', '\\"'],
  seeds: [bytes(`[${jsonRow}, ${jsonRow}]`), bytes(' [ 1 , "a,]" , [[]] ]\n')],
  read: rowsOf((text) => jsonRows(text, { path: 'x.json', usual: 'array', note: () => {} })),
};

const TAB = 9;

export const csvTarget: Target = {
  name: 'csv',
  words: [
    ',',
    '"',
    'sep=;\n',
    '|',
    ' "',
    '" ',
    '""',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ';',
    '\ufeff',
    '"a,b"',
    ',,',
    '__proto__',
    '"\n',
  ],
  seeds: [bytes('prompt,completion\na,"b, ""c""\nd"\n\ne,f\r\n'), bytes('\ufeffa\tb\n1\t"2\n')],
  async read(input) {
    const [path, usual] = input.includes(TAB) ? (['x.tsv', '\t'] as const) : (['x.csv', ','] as const);
    await rowsOf((text) => delimitedRows(text, { path, usual, note: () => {} }))(input);
  },
};

export const parquetTarget: Target = {
  name: 'parquet',
  words: ['PAR1', '\u0015\u0000', '\u0000\u0000\u0000', '\u00ff\u00ff\u00ff\u00ff\u000f', 'messages', 'schema'],
  seeds: filesIn(join(core, 'rows/parquet/fixtures'), /^(rows|integers|types)\..*parquet$/),
  async read(input) {
    for await (const { value } of parquetRows(fileInMemory(input), 'x.parquet')) JSON.stringify(value);
  },
};

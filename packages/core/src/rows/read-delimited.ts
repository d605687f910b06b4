import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { DataFile } from './list-data-files.ts';
import { LONGEST_ROW, malformed, readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of a CSV or TSV file by the names in its first row; every value is a text. */
export const readDelimited = (file: DataFile, delimiter: ',' | '\t'): AsyncGenerator<SourceRow> =>
  delimitedRows(readText(file), file.path, delimiter);

/** @throws {UserError} `file-malformed` with the line */
export async function* delimitedRows(
  content: AsyncIterable<string>,
  path: string,
  delimiter: ',' | '\t',
): AsyncGenerator<SourceRow> {
  const parser = parse({
    columns: (header: string[]) => checkedHeader(header, path),
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
    delimiter,
    // A quote within a field is common where tabs separate them.
    relax_quotes: delimiter === '\t',
  });
  const text = Readable.from(content);
  text.on('error', (error) => parser.destroy(error)).pipe(parser);
  let line = 0;
  try {
    for await (const value of parser) yield { file: path, line: ++line, value };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const at = typeof cause.lines === 'number' ? `, line ${cause.lines}` : '';
    const fix = `Give every row as many fields as the header; quote a field that holds a ${delimiter === ',' ? 'comma' : 'tab'}, a quote or a line break.`;
    const kind = delimiter === ',' ? 'CSV' : 'TSV';
    throw malformed(`${path}${at}`, `The ${kind} is broken: ${cause.message}`, fix, cause);
  } finally {
    text.destroy();
  }
}

function checkedHeader(header: readonly string[], file: string): string[] {
  const names = header.map((name) => name.trim());
  // As spreadsheets write it where the comma is in numbers.
  if (names.length === 1 && names[0]?.includes(';')) {
    const fix = 'Save it with commas, or with tabs as .tsv.';
    throw malformed(`${file}, header`, 'The columns are separated by semicolons.', fix);
  }
  // Such a field of a JavaScript object is none, and what is written to it is gone.
  if (names.includes('__proto__')) {
    throw malformed(`${file}, header`, 'A column is named "__proto__".', 'Give it another name.');
  }
  const doubled = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (doubled === undefined) return names;
  const problem = doubled === '' ? 'A column has no name.' : `Two columns are named "${doubled}".`;
  throw malformed(`${file}, header`, problem, 'Give every column a name of its own in the first row.');
}

import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { DataFile } from './list-data-files.ts';
import { malformed, readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of a CSV or TSV file by the names in its first row; every value is a text. */
export async function* readDelimited(file: DataFile, delimiter: ',' | '\t'): AsyncGenerator<SourceRow> {
  const { path } = file;
  const parser = parse({
    columns: (header: string[]) => checkedHeader(header, path),
    skip_empty_lines: true,
    delimiter,
    // A quote within a field is common where tabs separate them.
    relax_quotes: delimiter === '\t',
  });
  const text = Readable.from(readText(file));
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
  const doubled = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (doubled === undefined) return names;
  const problem = doubled === '' ? 'A column has no name.' : `Two columns are named "${doubled}".`;
  throw malformed(`${file}, header`, problem, 'Give every column a name of its own in the first row.');
}

import type { UserError } from '../errors.ts';
import { type CsvRecord, csvSplitter, UnclosedQuote } from './csv-records.ts';
import { delimiterInWords, detectDelimiter } from './detect-delimiter.ts';
import type { DataFile } from './list-data-files.ts';
import { type LookedAt, lookAhead } from './look-ahead.ts';
import { assertRowLength, malformed, type Note } from './malformed.ts';
import { readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of a CSV or TSV file by the names in its first row; every value is a text. */
export const readDelimited = (file: DataFile, note: Note): AsyncGenerator<SourceRow> =>
  delimitedRows(readText(file, note), { path: file.path, usual: file.kind === '.tsv' ? '\t' : ',', note });

interface DelimitedFile {
  readonly path: string;
  /** The delimiter that the file's name promises. */
  readonly usual: ',' | '\t';
  readonly note: Note;
}

/**
 * Rows with too few or too many fields, and those whose quotes are broken, come as rows with a problem.
 * @throws {UserError} `file-malformed` for a header that names no columns, and for quotes that are not closed
 */
export async function* delimitedRows(
  content: AsyncIterable<string>,
  { path, usual, note }: DelimitedFile,
): AsyncGenerator<SourceRow> {
  const text = await lookAhead(content);
  const { delimiter, from } = delimiterOf(text, { path, usual });
  if (delimiter !== usual) note(`columns are separated by ${delimiterInWords(delimiter)}`);
  let header: Header | undefined;
  let row = 0;
  let blank = 0;
  for await (const record of recordsOf(text.rest, { path, delimiter, from })) {
    if (row === 0) refuseMarkdown(record, path);
    if (record.fields.every((field) => field.trim() === '')) blank += record.fields.length > 1 ? 1 : 0;
    else if (header === undefined) header = headerOf(record, path, note);
    else yield rowOf(record, header, { file: path, line: record.line, row: ++row, delimiter });
  }
  if (blank > 0) note(`${blank} row${blank === 1 ? '' : 's'} with nothing in any column left out`);
}

/** The first line may say it; `from` is where the rows begin. */
function delimiterOf(
  { head, isWhole }: LookedAt,
  { path, usual }: Pick<DelimitedFile, 'path' | 'usual'>,
): { readonly delimiter: string; readonly from: number } {
  const said = /^"?sep=([^\w\s"]|\t)"?(\r\n|\n|\r)/i.exec(head);
  if (said) return { delimiter: said[1] as string, from: said[0].length };
  return { delimiter: detectDelimiter(head, { isWhole, usual, path }), from: 0 };
}

async function* recordsOf(
  text: AsyncIterable<string>,
  { path, delimiter, from }: { readonly path: string; readonly delimiter: string; readonly from: number },
): AsyncGenerator<CsvRecord> {
  const splitter = csvSplitter(delimiter);
  // The line that names the delimiter counts, and is no record.
  const skippedLines = from > 0 ? 1 : 0;
  const placed = (record: CsvRecord): CsvRecord => ({ ...record, line: record.line + skippedLines });
  let skip = from;
  try {
    for await (const piece of text) {
      for (const record of splitter.push(skip > 0 ? piece.slice(skip) : piece)) yield placed(record);
      skip = 0;
      const { characters, line } = splitter.begun();
      assertRowLength(characters, `${path}, line ${line + skippedLines}`);
    }
    for (const record of splitter.end()) yield placed(record);
  } catch (cause) {
    if (!(cause instanceof UnclosedQuote)) throw cause;
    const where = `${path}, line ${cause.line + skippedLines}, field ${cause.field}`;
    throw malformed(where, 'A quote is opened and not closed.', quoteFix(delimiter), cause);
  }
}

/** Names of columns; undefined for one that is left out. */
type Header = readonly (string | undefined)[];

function headerOf({ fields, line }: CsvRecord, path: string, note: Note): Header {
  const names = fields.map((name) => name.trim());
  const named = names.filter((name) => name !== '');
  // Such a field of a JavaScript object is none, and what is written to it is gone.
  if (named.includes('__proto__')) {
    throw malformed(`${path}, line ${line}`, 'A column is named "__proto__".', 'Give it another name.');
  }
  const doubled = named.find((name, i) => named.indexOf(name) !== i);
  if (doubled !== undefined) {
    const problem = `Two columns are named "${doubled}".`;
    throw malformed(`${path}, line ${line}`, problem, 'Give every column a name of its own in the first row.');
  }
  const without = names.length - named.length;
  // As tables are written with the number of each row, or with a delimiter at the end of each line.
  if (without > 0) note(`${without} column${without === 1 ? '' : 's'} without a name left out`);
  return names.map((name) => (name === '' ? undefined : name));
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly row: number;
  readonly delimiter: string;
}

function rowOf(record: CsvRecord, header: Header, { delimiter, ...place }: Place): SourceRow {
  const problem = problemOf(record, header, { ...place, delimiter });
  if (problem) return { ...place, value: undefined, problem };
  const { fields } = record;
  const value: Record<string, string> = {};
  for (const [i, name] of header.entries()) if (name !== undefined) value[name] = fields[i] as string;
  return { ...place, value };
}

/** A table as Markdown has it: the line below its names is no row, nor are the spaces around values part of them. */
function refuseMarkdown({ fields, line }: CsvRecord, path: string): void {
  const [first, ...rest] = fields.filter((field) => field !== '');
  if (first === undefined || ![first, ...rest].every((field) => /^\s*:?-{2,}:?\s*$/.test(field))) return;
  const problem = 'The file is a table of Markdown, whose names are underlined with dashes.';
  throw malformed(
    `${path}, line ${line}`,
    problem,
    'Take that line out, and the bars at both ends of each line, or save it as CSV.',
  );
}

/** Fields beyond the header's, and those that are missing of columns without a name, are no problem where they are empty. */
function problemOf(record: CsvRecord, header: Header, { file, delimiter }: Place): UserError | undefined {
  const { fields, columns, line, brokenField } = record;
  const at = (i: number) => `${file}, line ${line}, column ${columns[i] ?? 1}`;
  if (brokenField !== undefined) {
    const problem = `Field ${brokenField} begins with a quote, and goes on behind the closing one.`;
    return malformed(at(brokenField - 1), problem, quoteFix(delimiter));
  }
  const fix = `Give every row as many fields as the header; quote a field that holds ${delimiterInWords(delimiter)}, quotes or line breaks.`;
  const counts = `The row has ${fields.length} field${fields.length === 1 ? '' : 's'}, and the header ${header.length}`;
  const missing = header.findIndex((name, i) => i >= fields.length && name !== undefined);
  if (missing >= 0) return malformed(at(fields.length - 1), `${counts}: "${header[missing]}" is missing.`, fix);
  const surplus = fields.findIndex((field, i) => i >= header.length && field.trim() !== '');
  if (surplus < 0) return undefined;
  return malformed(at(surplus), `${counts}: ${JSON.stringify(excerpt(fields[surplus] as string))} is too many.`, fix);
}

const excerpt = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const quoteFix = (delimiter: string): string =>
  `Close the quote, or double those within the field: "say ""hi""". A field needs quotes around it where it holds ${delimiterInWords(delimiter)}, quotes or line breaks.`;

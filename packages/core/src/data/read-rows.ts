import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../errors.ts';
import type { SourceRow } from './source-row.ts';

/** Turns the text of a file into rows. */
type RowParser = (text: string, file: string) => SourceRow[];

const parsers: Readonly<Record<string, RowParser>> = {
  '.jsonl': parseJsonLines,
  '.ndjson': parseJsonLines,
  '.json': parseJsonArray,
  '.csv': parseCsv,
};

/**
 * Reads rows from JSONL, JSON (an array) and CSV (with a header row) files, in the order given.
 * @throws {UserError} `file-not-found`, `file-empty`, `file-malformed` with file and line, or `option-invalid` for
 * another kind of file.
 */
export async function readRows(files: string | readonly string[]): Promise<SourceRow[]> {
  const rows: SourceRow[][] = [];
  for (const file of typeof files === 'string' ? [files] : files) rows.push(await readFileRows(file));
  return rows.flat();
}

async function readFileRows(file: string): Promise<SourceRow[]> {
  const extension = extname(file).toLowerCase();
  const parser = parsers[extension];
  if (!parser) {
    throw new UserError({
      code: 'option-invalid',
      problem: extension === '' ? 'The file has no extension.' : `Files of the kind ${extension} can't be read.`,
      where: file,
      fix: 'Give a .jsonl (one JSON object a line), .json (an array of objects) or .csv file (with a header row).',
    });
  }
  const text = await readText(file);
  const rows = text.trim() === '' ? [] : parser(text, file);
  if (rows.length > 0) return rows;
  throw new UserError({
    code: 'file-empty',
    problem: 'The file has no rows.',
    where: file,
    fix: 'Put at least one row into it, or give another file.',
  });
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new UserError({
      code: 'file-not-found',
      problem: code === 'ENOENT' ? 'There is no such file.' : `The file can't be read (${code}).`,
      where: file,
      fix: code === 'EISDIR' ? 'Give a file, not a folder.' : 'Check the path; it is relative to the current folder.',
      cause,
    });
  }
  try {
    // Drops a byte order mark, which editors on Windows write.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed(file, 'The file is not UTF-8 text.', 'Save it as UTF-8.', cause);
  }
}

function parseJsonLines(text: string, file: string): SourceRow[] {
  return text.split('\n').flatMap((content, i) => {
    const line = i + 1;
    if (content.trim() === '') return [];
    try {
      return [{ file, line, value: JSON.parse(content) as unknown }];
    } catch (cause) {
      const problem = `Line ${line} is not JSON: ${excerpt(content)}`;
      throw malformed(`${file}, row ${line}`, problem, 'Put one whole JSON object on each line.', cause);
    }
  });
}

function parseJsonArray(text: string, file: string): SourceRow[] {
  const fix = 'Put an array of objects into it, [{…}, {…}]; or name it .jsonl if it holds one object a line.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed(file, `The file is not JSON: ${cause instanceof Error ? cause.message : ''}`, fix, cause);
  }
  if (!Array.isArray(value)) throw malformed(file, 'The file holds JSON, but not an array.', fix);
  return value.map((row: unknown, i) => ({ file, line: i + 1, value: row }));
}

function parseCsv(text: string, file: string): SourceRow[] {
  try {
    const rows = parse(text, { columns: (header: string[]) => checkedHeader(header, file), skip_empty_lines: true });
    return rows.map((value: unknown, i: number) => ({ file, line: i + 1, value }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause.lines === 'number' ? `, line ${cause.lines}` : '';
    const fix =
      'Give every row as many fields as the header; quote a field that holds a comma, a quote or a line break.';
    throw malformed(`${file}${line}`, `The CSV is broken: ${cause.message}`, fix, cause);
  }
}

function checkedHeader(header: readonly string[], file: string): string[] {
  const names = header.map((name) => name.trim());
  const doubled = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (doubled === undefined) return names;
  const problem = doubled === '' ? 'A column has no name.' : `Two columns are named "${doubled}".`;
  throw malformed(`${file}, header`, problem, 'Give every column a name of its own in the first row.');
}

function malformed(where: string, problem: string, fix: string, cause?: unknown): UserError {
  return new UserError({ code: 'file-malformed', problem, where, fix, cause });
}

function excerpt(text: string): string {
  const start = text.trim();
  return start.length <= 60 ? start : `${start.slice(0, 60)}…`;
}

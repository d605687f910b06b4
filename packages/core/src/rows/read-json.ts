import type { UserError } from '../errors.ts';
import type { FieldsOfColumns } from '../recipe/exact-json.ts';
import { around, jsonProblem } from './json-problem.ts';
import { type JsonElement, jsonElements } from './json-values.ts';
import type { DataFile } from './list-data-files.ts';
import { type LookedAt, lookAhead } from './look-ahead.ts';
import { assertRowLength, malformed, type Note } from './malformed.ts';
import { notRows } from './not-rows.ts';
import { parseJsonRow } from './parse-json-row.ts';
import { readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** Rows of a file of JSON: one value a line, an array, or values that go over several lines. */
export const readJson = (file: DataFile, note: Note, fields?: FieldsOfColumns): AsyncGenerator<SourceRow> =>
  jsonRows(readText(file, note), { path: file.path, usual: file.kind === '.json' ? 'array' : 'lines', note, fields });

/** How the rows lie in the text: as the elements of one array, each on a line of its own, or one after the other. */
type Layout = 'array' | 'lines' | 'values';

interface JsonFile {
  readonly path: string;
  /** What the name of the file promises. */
  readonly usual: 'array' | 'lines';
  readonly note: Note;
  /** What columns are called by the recipe, where they are given other names. */
  readonly fields?: FieldsOfColumns | undefined;
}

const inWords = {
  array: 'an array of rows',
  lines: 'a row a line',
  values: 'rows that go over several lines',
} as const;

/**
 * A row that is no JSON comes as a row with a problem.
 * @throws {UserError} `file-malformed` where the rows can't be told apart, or the file holds them within an object
 */
export async function* jsonRows(
  text: AsyncIterable<string>,
  { path, usual, note, fields }: JsonFile,
): AsyncGenerator<SourceRow> {
  const ahead = await lookAhead(text);
  const layout = layoutOf(ahead, usual);
  if (layout !== usual) note(`read as ${inWords[layout]}`);
  const rows =
    layout === 'lines' ? jsonLineRows(ahead.rest, path, fields) : jsonValueRows(ahead.rest, { path, layout, fields });
  /** The first row, until there is a second: a file of one object is more often a file of rows in an object. */
  let only: SourceRow | undefined;
  let count = 0;
  for await (const row of rows) {
    count++;
    if (count === 2 && only) yield only;
    if (count === 1 && layout !== 'array') only = row;
    else yield row;
  }
  if (count !== 1 || !only) return;
  const reason = notRows(only.value, path);
  if (reason) throw reason;
  yield only;
}

/** By what the text begins with; the name of the file decides only what is wrong in a text that is neither. */
function layoutOf({ head, isWhole }: LookedAt, usual: 'array' | 'lines'): Layout {
  const start = head.trimStart();
  const end = start.indexOf('\n');
  const first = end < 0 ? start : start.slice(0, end);
  const isLine = end >= 0 || isWhole;
  const problem = isLine ? jsonProblem(first) : undefined;
  const hasMore = end >= 0 && start.slice(end).trim() !== '';
  if (start.startsWith('[')) return isLine && !problem && hasMore ? 'lines' : 'array';
  if (isLine && !problem) return 'lines';
  if (usual === 'lines') return problem?.isUnfinished && hasMore ? 'values' : 'lines';
  return start.startsWith('{') ? 'values' : 'array';
}

/** One JSON value a line; empty lines count, and are left out. */
async function* jsonLineRows(
  pieces: AsyncIterable<string>,
  path: string,
  fields: FieldsOfColumns | undefined,
): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const content of lines(pieces, path)) {
    line++;
    if (content.trim() === '') continue;
    const text = content.endsWith('\r') ? content.slice(0, -1) : content;
    yield rowOf({ text, line, column: 1 }, { path, fields, name: `Line ${line}` });
  }
}

/** The elements of one JSON array, or values that follow each other, each parsed as soon as it is read whole. */
async function* jsonValueRows(
  text: AsyncIterable<string>,
  { path, layout, fields }: Pick<JsonFile, 'path' | 'fields'> & { readonly layout: 'array' | 'values' },
): AsyncGenerator<SourceRow> {
  let row = 0;
  for await (const element of jsonElements(text, path, layout)) {
    row++;
    const name = layout === 'array' ? `Element ${row} of the array` : `Row ${row}`;
    yield { ...rowOf(element, { path, fields, name }), row };
  }
}

interface RowPlace {
  readonly path: string;
  /** Of the row, for messages. */
  readonly name: string;
  readonly fields: FieldsOfColumns | undefined;
}

function rowOf(element: JsonElement, { path, name, fields }: RowPlace): SourceRow {
  const place = { file: path, line: element.line };
  try {
    return { ...place, value: parseJsonRow(element.text, fields) };
  } catch (cause) {
    return { ...place, value: undefined, problem: brokenRow(element, { path, name }, cause) };
  }
}

function brokenRow(element: JsonElement, { path, name }: Omit<RowPlace, 'fields'>, cause: unknown): UserError {
  const problem = jsonProblem(element.text);
  if (!problem) {
    const where = `${path}, line ${element.line}, column ${element.column}`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return malformed(where, `${name} can't be read: ${reason}`, 'Correct the row, or take it out.', cause);
  }
  const before = element.text.slice(0, problem.at);
  const breaks = before.split('\n').length - 1;
  const column = breaks === 0 ? element.column + problem.at : problem.at - before.lastIndexOf('\n');
  const where = `${path}, line ${element.line + breaks}, column ${column}`;
  return malformed(
    where,
    `${name} is not JSON: ${problem.problem}: ${around(element.text, problem.at)}`,
    problem.fix,
    cause,
  );
}

async function* lines(text: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  // A long line comes in many pieces: they are joined once.
  let begun: string[] = [];
  let length = 0;
  let line = 1;
  for await (const piece of text) {
    const parts = piece.split('\n');
    for (const part of parts.slice(0, -1)) {
      yield [...begun, part].join('');
      begun = [];
      length = 0;
      line++;
    }
    const last = parts.at(-1) as string;
    begun.push(last);
    length += last.length;
    assertRowLength(length, `${path}, line ${line}`);
  }
  yield begun.join('');
}

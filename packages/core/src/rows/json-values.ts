import { assertRowLength, malformed } from './malformed.ts';

/** One value of a JSON text, with the place of its first character: from 1. */
export interface JsonElement {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

const FIX = 'Put an array of objects into it, [{…}, {…}], or one object a line.';

interface Reading {
  readonly path: string;
  readonly kind: 'array' | 'values';
  depth: number;
  inString: boolean;
  /** The piece before ended in a backslash that makes the next character part of the text. */
  isEscaped: boolean;
  /** The value so far, of the pieces before. */
  begun: string[];
  length: number;
  /** The place where it begins. */
  line: number;
  column: number;
  count: number;
  isOver: boolean;
}

/**
 * The values between the commas of the outermost array, or those that follow each other, as texts; brackets are counted,
 * and nothing else is looked at.
 * @throws {UserError} `file-malformed` where the whole has no end, or something stands where nothing may
 */
export async function* jsonElements(
  text: AsyncIterable<string>,
  path: string,
  kind: 'array' | 'values',
): AsyncGenerator<JsonElement> {
  const reading: Reading = {
    ...{ path, kind, depth: 0, inString: false, isEscaped: false, begun: [], length: 0 },
    ...{ line: 1, column: 1, count: 0, isOver: false },
  };
  for await (const piece of text) {
    yield* readPiece(reading, piece);
    assertRowLength(reading.length, `${path}, row ${reading.count + 1}`);
  }
  if (reading.depth > 0) yield* unfinished(reading);
}

const STRUCTURE = /["{}[\],]/g;
const NO_SPACE = /\S/g;

function* readPiece(reading: Reading, piece: string): Generator<JsonElement> {
  const isArray = reading.kind === 'array';
  let from = 0;
  for (let i = 0; i < piece.length; i++) {
    if (reading.inString) i = endOfText(reading, piece, i);
    else i = nextOf(reading.depth === 0 ? NO_SPACE : STRUCTURE, piece, i);
    const character = piece[i];
    if (character === undefined) break;
    if (reading.depth === 0) {
      skip(reading, piece.slice(from, i));
      assertBegins(reading, character, piece.slice(i, i + 20));
      reading.depth = 1;
      from = isArray ? i + 1 : i;
      if (isArray) skip(reading, '[');
    } else if (character === '"') reading.inString = !reading.inString;
    else if (character === '{' || character === '[') reading.depth++;
    else if (character === ',') {
      if (reading.depth > 1 || !isArray) continue;
      yield finish(reading, piece.slice(from, i));
      skip(reading, ',');
      from = i + 1;
    } else {
      reading.depth--;
      if (reading.depth > 0) continue;
      const last = finish(reading, piece.slice(from, isArray ? i : i + 1));
      if (last.text.trim() !== '') yield last;
      else if (reading.count > 1) throw commaAtTheEnd(reading, last);
      if (isArray) skip(reading, ']');
      reading.isOver = isArray;
      from = i + 1;
    }
  }
  const left = piece.slice(from);
  if (reading.depth === 0) return skip(reading, left);
  reading.begun.push(left);
  reading.length += left.length;
}

/** The place of the quote that ends the text which `i` is in, or the end of the piece. */
function endOfText(reading: Reading, piece: string, i: number): number {
  const isOdd = (end: number): boolean => {
    let backslashes = 0;
    while (end - backslashes > i && piece[end - 1 - backslashes] === '\\') backslashes++;
    return (backslashes % 2 === 1) !== (backslashes === end - i && reading.isEscaped);
  };
  let quote = piece.indexOf('"', i);
  while (quote >= 0 && isOdd(quote)) quote = piece.indexOf('"', quote + 1);
  const end = quote < 0 ? piece.length : quote;
  reading.isEscaped = quote < 0 && isOdd(end);
  return end;
}

/** The next place at or after `from` that fits, or the end of the text. */
function nextOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** The next value begins behind this text. */
function skip(reading: Reading, text: string): void {
  const lastLine = text.lastIndexOf('\n');
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) reading.line++;
  reading.column = lastLine < 0 ? reading.column + text.length : text.length - lastLine;
}

function finish(reading: Reading, last: string): JsonElement {
  const text = [...reading.begun, last].join('');
  reading.begun = [];
  reading.length = 0;
  reading.count++;
  const start = text.search(/\S|$/);
  skip(reading, text.slice(0, start));
  const { line, column } = reading;
  skip(reading, text.slice(start));
  return { text: text.slice(start), line, column };
}

function assertBegins({ path, kind, isOver, line, column }: Reading, character: string, excerpt: string): void {
  const where = `${path}, line ${line}, column ${column}`;
  if (isOver) throw malformed(where, `Something follows the array that the file holds: ${excerpt}`, FIX);
  if (kind === 'array' ? character === '[' : character === '{' || character === '[') return;
  throw malformed(where, `No object and no array begins there: ${excerpt}`, FIX);
}

const commaAtTheEnd = ({ path }: Reading, { line, column }: JsonElement) =>
  malformed(
    `${path}, line ${line}, column ${column}`,
    'A comma follows the last element of the array.',
    'Take it away.',
  );

/** The last value, so that what is wrong in it can be told. @throws {UserError} after it */
function* unfinished(reading: Reading): Generator<JsonElement> {
  const { line, column } = reading;
  const last = finish(reading, '');
  if (last.text !== '') yield last;
  const what = reading.kind === 'array' ? 'The array that the file holds' : 'The object that begins there';
  throw malformed(`${reading.path}, line ${line}, column ${column}`, `${what} has no end.`, FIX);
}

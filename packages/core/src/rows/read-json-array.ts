import type { DataFile } from './list-data-files.ts';
import { parseJsonRow } from './parse-json-row.ts';
import { assertRowLength, malformed, readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

const FIX = 'Put an array of objects into it, [{…}, {…}]; or name it .jsonl if it holds one object a line.';

/** The elements of one JSON array, each parsed as soon as it is read whole. */
export const readJsonArray = (file: DataFile): AsyncGenerator<SourceRow> => jsonArrayRows(readText(file), file.path);

/** @throws {UserError} `file-malformed` with the row */
export async function* jsonArrayRows(text: AsyncIterable<string>, path: string): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const element of elements(text, path)) {
    line++;
    let value: unknown;
    try {
      value = parseJsonRow(element);
    } catch (cause) {
      const is = cause instanceof SyntaxError ? 'is not JSON' : "can't be read";
      const problem = `Element ${line} of the array ${is}: ${(cause as Error).message}`;
      throw malformed(`${path}, row ${line}`, problem, FIX, cause);
    }
    yield { file: path, line, value };
  }
}

/** The texts between the commas of the outermost array. */
async function* elements(text: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let isOver = false;
  let count = 0;
  let begun: string[] = [];
  let length = 0;
  const finish = (last: string): string => {
    const element = [...begun, last].join('');
    begun = [];
    length = 0;
    count++;
    return element;
  };
  for await (const piece of text) {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      if (inString && !escaped) i = nextOf(QUOTE_OR_BACKSLASH, piece, i);
      const character = piece[i];
      if (character === undefined) break;
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
      } else if (depth === 0) {
        i = nextOf(NO_SPACE, piece, i);
        if (i >= piece.length) break;
        if (isOver) throw malformed(path, 'Something follows the array that the file holds.', FIX);
        if (piece[i] !== '[') throw malformed(path, 'What the file holds is not an array.', FIX);
        depth = 1;
        from = i + 1;
      } else if (character === '"') inString = true;
      else if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') {
        depth--;
        if (depth > 0) continue;
        const last = finish(piece.slice(from, i));
        if (last.trim() !== '') yield last;
        else if (count > 1) throw malformed(path, 'A comma follows the last element of the array.', 'Take it away.');
        isOver = true;
      } else if (character === ',' && depth === 1) {
        yield finish(piece.slice(from, i));
        from = i + 1;
      }
    }
    if (depth === 0) continue;
    begun.push(piece.slice(from));
    length += piece.length - from;
    assertRowLength(length, `${path}, row ${count + 1}`);
  }
  if (depth > 0) throw malformed(path, 'The array that the file holds has no end.', FIX);
}

const QUOTE_OR_BACKSLASH = /["\\]/g;
const NO_SPACE = /\S/g;

/** The next place at or after `from` that fits, or the end of the text. */
function nextOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

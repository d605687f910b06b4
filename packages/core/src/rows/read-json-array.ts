import type { DataFile } from './list-data-files.ts';
import { malformed, readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

const FIX = 'Put an array of objects into it, [{…}, {…}]; or name it .jsonl if it holds one object a line.';

/**
 * The elements of one JSON array, each parsed as soon as it is read whole. `elements` finds where they end and
 * `JSON.parse` reads them, in place of a streaming parser: @streamparser/json 0.0.26 takes the U+FEFF from a string that
 * begins with one, stream-json 3.8 is not made for files of strangers.
 */
export async function* readJsonArray(file: DataFile): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const element of elements(readText(file), file.path)) {
    line++;
    let value: unknown;
    try {
      value = JSON.parse(element);
    } catch (cause) {
      const problem = `Element ${line} of the array is not JSON: ${(cause as Error).message}`;
      throw malformed(`${file.path}, row ${line}`, problem, FIX, cause);
    }
    yield { file: file.path, line, value };
  }
}

/** The texts between the commas of the outermost array. */
async function* elements(text: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let isOver = false;
  let begun: string[] = [];
  const finish = (last: string): string => {
    const element = [...begun, last].join('');
    begun = [];
    return element;
  };
  for await (const piece of text) {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const character = piece[i] as string;
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
        continue;
      }
      if (depth === 0 && !/\s/.test(character)) {
        if (isOver) throw malformed(path, 'Something follows the array that the file holds.', FIX);
        if (character !== '[') throw malformed(path, 'What the file holds is not an array.', FIX);
        depth = 1;
        from = i + 1;
      } else if (character === '"') inString = true;
      else if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') {
        depth--;
        if (depth > 0) continue;
        const last = finish(piece.slice(from, i));
        if (last.trim() !== '') yield last;
        isOver = true;
      } else if (character === ',' && depth === 1) {
        yield finish(piece.slice(from, i));
        from = i + 1;
      }
    }
    if (depth > 0) begun.push(piece.slice(from));
  }
  if (depth > 0) throw malformed(path, 'The array that the file holds has no end.', FIX);
}

import type { DataFile } from './list-data-files.ts';
import { parseJsonRow } from './parse-json-row.ts';
import { assertRowLength, malformed, readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** One JSON value a line; empty lines count, and are left out. */
export const readJsonLines = (file: DataFile): AsyncGenerator<SourceRow> => jsonLineRows(readText(file), file.path);

/** @throws {UserError} `file-malformed` with the row */
export async function* jsonLineRows(text: AsyncIterable<string>, path: string): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const content of lines(text, path)) {
    line++;
    if (content.trim() !== '') yield { file: path, line, value: parseLine(content, path, line) };
  }
}

function parseLine(content: string, file: string, line: number): unknown {
  try {
    return parseJsonRow(content);
  } catch (cause) {
    const reason =
      cause instanceof SyntaxError ? `is not JSON: ${excerpt(content)}` : `can't be read: ${(cause as Error).message}`;
    throw malformed(`${file}, row ${line}`, `Line ${line} ${reason}`, 'Put one whole JSON object on each line.', cause);
  }
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
    assertRowLength(length, `${path}, row ${line}`);
  }
  yield begun.join('');
}

function excerpt(text: string): string {
  const start = text.trim();
  return start.length <= 60 ? start : `${start.slice(0, 60)}…`;
}

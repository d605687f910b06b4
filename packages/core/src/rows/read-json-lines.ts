import type { DataFile } from './list-data-files.ts';
import { malformed, readText } from './read-text.ts';
import type { SourceRow } from './source-row.ts';

/** One JSON value a line; empty lines count, and are left out. */
export async function* readJsonLines(file: DataFile): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const content of lines(readText(file))) {
    line++;
    if (content.trim() !== '') yield { file: file.path, line, value: parseLine(content, file.path, line) };
  }
}

function parseLine(content: string, file: string, line: number): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    const problem = `Line ${line} is not JSON: ${excerpt(content)}`;
    throw malformed(`${file}, row ${line}`, problem, 'Put one whole JSON object on each line.', cause);
  }
}

async function* lines(text: AsyncIterable<string>): AsyncGenerator<string> {
  // A long line comes in many pieces: they are joined once.
  let begun: string[] = [];
  for await (const piece of text) {
    const parts = piece.split('\n');
    for (const part of parts.slice(0, -1)) {
      yield [...begun, part].join('');
      begun = [];
    }
    begun.push(parts.at(-1) as string);
  }
  yield begun.join('');
}

function excerpt(text: string): string {
  const start = text.trim();
  return start.length <= 60 ? start : `${start.slice(0, 60)}…`;
}

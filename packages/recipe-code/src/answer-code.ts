import { extractCode } from './extract-code.ts';
import type { CodeRow } from './row.ts';

/** The code in an output for a row. */
export function answerCode(row: CodeRow, text: string): string {
  return extractCode(text, {
    language: row.language,
    start: row.task === 'write-a-function' ? row.start : undefined,
  });
}

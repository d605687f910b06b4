import { UserError } from '../errors.ts';

/** Told, once a file, what was made of it that its user should know: it stands in the receipt. */
export type Note = (text: string) => void;

export function malformed(where: string, problem: string, fix: string, cause?: unknown): UserError {
  return new UserError({ code: 'file-malformed', problem, where, fix, cause });
}

/** Characters of one row: more than any model reads, and little enough to be in memory with all that becomes of it. */
export const LONGEST_ROW = 2 ** 26;

/** @throws {UserError} `file-malformed` for a row that has more characters than that, and may have no end at all */
export function assertRowLength(length: number, where: string): void {
  if (length <= LONGEST_ROW) return;
  const problem = `The row is longer than ${LONGEST_ROW} characters.`;
  throw malformed(where, problem, 'See whether a line break or a quote is missing, or cut the row.');
}

/** What went wrong, as a word that a program can branch on. */
export type UserErrorCode =
  | 'file-not-found'
  | 'file-empty'
  | 'file-malformed'
  | 'row-invalid'
  | 'option-invalid'
  | 'model-invalid'
  | 'model-unsupported'
  | 'model-unavailable'
  | 'hub-refused'
  | 'tokenizer-invalid'
  | 'tokenizer-mismatch'
  | 'template-invalid'
  | 'template-refused'
  | 'template-unstable'
  | 'example-too-long'
  | 'nothing-to-train-on'
  | 'recipe-invalid'
  | 'engine-unavailable'
  | 'installation-unsupported'
  | 'memory-exceeded'
  | 'training-diverged'
  | 'run-folder-in-use'
  | 'output-in-use'
  | 'studio-in-use'
  | 'launcher-unavailable'
  | 'launcher-refused'
  | 'storage-unreachable'
  | 'storage-refused'
  | 'output-unwritable'
  | 'checkpoint-invalid';

/**
 * A mistake that the person at the keyboard can mend: the command line exits with 2 and prints the message as it is.
 * Every message says what is wrong, where, and how to mend it.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: UserErrorCode;
  /** What is wrong, by itself: `message` has place and fix too. */
  readonly problem: string;
  /** File, row, field, folder or option, as exact as it is known: `support.csv, row 17, field "label"`. */
  readonly where: string | undefined;
  /** One sentence in the imperative. */
  readonly fix: string;

  constructor(details: { code: UserErrorCode; problem: string; where?: string; fix: string; cause?: unknown }) {
    const { code, problem, where, fix, cause } = details;
    super(printable([problem, ...(where ? [`  where: ${where}`] : []), `  fix:   ${fix}`].join('\n')), { cause });
    this.code = code;
    this.problem = problem;
    this.where = where;
    this.fix = fix;
  }
}

/** Control characters but line feed and tab; marks that turn the direction of what follows; lines' ends of Unicode's own. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;

/**
 * A text that holds somebody's data, for a terminal or a log: what would act on it (escape sequences, bells, a turned
 * direction) is written as its code, `\u001b`.
 * @example
 * ```ts
 * import { printable } from '@counterweight/core';
 *
 * printable('a\u001b[31mb'); // a\u001b[31mb, which is not red
 * ```
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

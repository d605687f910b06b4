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
  | 'tokenizer-invalid'
  | 'tokenizer-mismatch'
  | 'template-invalid'
  | 'template-refused'
  | 'template-unstable'
  | 'example-too-long'
  | 'nothing-to-train-on'
  | 'recipe-invalid'
  | 'engine-unavailable'
  | 'memory-exceeded'
  | 'training-diverged'
  | 'run-folder-in-use'
  | 'output-in-use'
  | 'output-unwritable';

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
    super([problem, ...(where ? [`  where: ${where}`] : []), `  fix:   ${fix}`].join('\n'), { cause });
    this.code = code;
    this.problem = problem;
    this.where = where;
    this.fix = fix;
  }
}

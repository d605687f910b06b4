/** Python's name of what went wrong, as transformers would report it. */
export type ErrorKind =
  | 'TemplateSyntaxError'
  | 'TemplateError'
  | 'UndefinedError'
  | 'SecurityError'
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'OverflowError'
  | 'ZeroDivisionError';

/** A template that is wrong, or that refuses what it is given. */
export class JinjaError extends Error {
  override readonly name = 'JinjaError';
  readonly kind: ErrorKind;
  /** Where in the template, from 1; undefined as long as nobody has said it. */
  line: number | undefined;

  constructor(kind: ErrorKind, message: string, line?: number) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}

export const typeError = (message: string): JinjaError => new JinjaError('TypeError', message);
export const valueError = (message: string): JinjaError => new JinjaError('ValueError', message);
export const syntaxError = (message: string, line: number): JinjaError =>
  new JinjaError('TemplateSyntaxError', message, line);

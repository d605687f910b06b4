import type { Value } from './values.ts';

export type TokenType =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'number'
  | 'operator'
  | 'end';

export interface Token {
  readonly type: TokenType;
  /** The text of a name, an operator or data; of strings and numbers what they are worth lies in `constant`. */
  readonly text: string;
  readonly line: number;
  readonly constant?: Value;
}

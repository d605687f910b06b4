import type { Expression } from './nodes.ts';
import type { TokenStream } from './token-stream.ts';

export interface TupleOptions {
  readonly withCondition?: boolean;
  /** Names after which nothing more can follow. */
  readonly ends?: readonly string[];
  readonly inParentheses?: boolean;
}

/** What the parts of the reader of expressions need of each other. All of it throws {@link JinjaError}s. */
export interface Parser {
  readonly stream: TokenStream;
  /** @param withCondition whether `if … else …` may follow; default true */
  expression(withCondition?: boolean): Expression;
  /** An expression, or several with commas between them, which are a tuple. */
  tuple(options?: TupleOptions): Expression;
  /** A name, a literal or something in brackets, with its attributes, items and calls. */
  operand(): Expression;
}

import { syntaxError } from './errors.ts';
import type { Token, TokenType } from './tokens.ts';

/** The tokens of a template, looked at one after the other. */
export interface TokenStream {
  current(): Token;
  /** The one after it. */
  look(): Token;
  next(): Token;
  /** Whether the current token is of that type, and says that. */
  is(type: TokenType, text?: string): boolean;
  skipIf(type: TokenType, text?: string): boolean;
  /** @throws {JinjaError} where another token stands there */
  expect(type: TokenType, text?: string): Token;
  /** Counts how deep an expression or a statement lies within others. @throws {JinjaError} where it is too deep */
  nested<Result>(parse: () => Result): Result;
  /** Whether what is read stands in a branch that may not be come to. */
  soft: boolean;
}

/** Deeper than that no template nests, and the stack holds more. */
const DEEPEST = 200;

export function streamOf(tokens: readonly Token[]): TokenStream {
  let place = 0;
  let depth = 0;
  const at = (i: number) => tokens[Math.min(i, tokens.length - 1)] as Token;
  const stream: TokenStream = {
    soft: false,
    current: () => at(place),
    look: () => at(place + 1),
    next: () => at(place++),
    is: (type, text) => at(place).type === type && (text === undefined || at(place).text === text),
    skipIf(type, text) {
      const found = stream.is(type, text);
      if (found) place++;
      return found;
    },
    expect(type, text) {
      if (stream.is(type, text)) return stream.next();
      throw syntaxError(`expected ${describe(type, text)}, got ${described(at(place))}`, at(place).line);
    },
    nested(parse) {
      if (++depth > DEEPEST) throw syntaxError(`it nests deeper than ${DEEPEST}`, at(place).line);
      const result = parse();
      depth--;
      return result;
    },
  };
  return stream;
}

const NAMES: Partial<Record<TokenType, string>> = {
  variable_begin: "'{{'",
  variable_end: "'}}'",
  block_begin: "'{%'",
  block_end: "'%}'",
  end: 'the end of the template',
  data: 'text',
};
const describe = (type: TokenType, text?: string): string =>
  text === undefined ? (NAMES[type] ?? `a ${type}`) : `'${text}'`;
export const described = (token: Token): string => NAMES[token.type] ?? `'${token.text}'`;

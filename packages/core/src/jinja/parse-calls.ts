import { syntaxError } from './errors.ts';
import type { CallArguments, Expression, FilterNode } from './nodes.ts';
import type { Parser } from './parser.ts';

const NO_ARGUMENTS: CallArguments = { positional: [], named: [] };

/** What stands in the parentheses of a call. @throws {JinjaError} */
export function parseCallArguments(parser: Parser): CallArguments {
  const { line } = parser.stream.expect('operator', '(');
  const positional: Expression[] = [];
  const named: [string, Expression][] = [];
  let rest: Expression | undefined;
  let namedRest: Expression | undefined;
  const ensure = (isRight: boolean) => {
    if (!isRight) throw syntaxError('invalid syntax for function call expression', line);
  };
  for (let first = true; !parser.stream.is('operator', ')'); first = false) {
    if (!first) {
      parser.stream.expect('operator', ',');
      if (parser.stream.is('operator', ')')) break;
    }
    if (parser.stream.skipIf('operator', '*')) {
      ensure(!rest && !namedRest);
      rest = parser.expression();
    } else if (parser.stream.skipIf('operator', '**')) {
      ensure(!namedRest);
      namedRest = parser.expression();
    } else if (
      parser.stream.is('name') &&
      parser.stream.look().type === 'operator' &&
      parser.stream.look().text === '='
    ) {
      ensure(!namedRest);
      const name = parser.stream.next().text;
      parser.stream.next();
      if (named.some(([other]) => other === name)) throw syntaxError(`keyword argument repeated: ${name}`, line);
      named.push([name, parser.expression()]);
    } else {
      ensure(!rest && !namedRest && named.length === 0);
      positional.push(parser.expression());
    }
  }
  parser.stream.next();
  return { positional, named, rest, namedRest };
}

/** Filters after an expression; `of` is undefined where they are for what a block writes. */
export function parseFilter(parser: Parser, of: Expression | undefined, inline = false): FilterNode | undefined {
  let node = of;
  let begins = inline;
  while (begins || parser.stream.skipIf('operator', '|')) {
    begins = false;
    const { line } = parser.stream.current();
    const name = dottedName(parser);
    const args = parser.stream.is('operator', '(') ? parseCallArguments(parser) : NO_ARGUMENTS;
    node = { type: 'filter', name, of: node, args, soft: parser.stream.soft, line };
  }
  return node as FilterNode | undefined;
}

const NO_ARGUMENT = ['else', 'or', 'and'];

export function parseTest(parser: Parser, of: Expression): Expression {
  const { line } = parser.stream.next();
  const isNegated = parser.stream.skipIf('name', 'not');
  const name = dottedName(parser);
  const { type, text } = parser.stream.current();
  let args = NO_ARGUMENTS;
  if (parser.stream.is('operator', '(')) args = parseCallArguments(parser);
  else if (
    (type === 'name' && !NO_ARGUMENT.includes(text)) ||
    type === 'string' ||
    type === 'number' ||
    (type === 'operator' && (text === '[' || text === '{'))
  ) {
    if (parser.stream.is('name', 'is')) throw syntaxError('You cannot chain multiple tests with is', line);
    args = { positional: [parser.operand()], named: [] };
  }
  const test: Expression = { type: 'test', name, of, args, soft: parser.stream.soft, line };
  return isNegated ? { type: 'not', of: test, line } : test;
}

function dottedName(parser: Parser): string {
  let name = parser.stream.expect('name').text;
  while (parser.stream.skipIf('operator', '.')) name += `.${parser.stream.expect('name').text}`;
  return name;
}

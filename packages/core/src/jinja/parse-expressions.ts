import { syntaxError } from './errors.ts';
import type { BinaryOperator, Comparison, Expression, FilterNode } from './nodes.ts';
import { parseFilter, parseTest } from './parse-calls.ts';
import { parsePostfix, parsePrimary } from './parse-primaries.ts';
import type { Parser, TupleOptions } from './parser.ts';
import { described, type TokenStream } from './token-stream.ts';

/** What reads a template's expressions. */
export function parserOf(stream: TokenStream): Parser {
  const parser: Parser = {
    stream,
    expression: (withCondition = true) =>
      stream.nested(() => (withCondition ? parseCondition(parser) : parseOr(parser))),
    tuple: (options = {}) => parseTuple(parser, options),
    operand: () => parsePostfix(parser, parsePrimary(parser)),
  };
  return parser;
}

function parseTuple(
  parser: Parser,
  { withCondition = true, ends = [], inParentheses = false }: TupleOptions,
): Expression {
  const { line } = parser.stream.current();
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) parser.stream.expect('operator', ',');
    if (isTupleEnd(parser.stream, ends)) break;
    items.push(parser.expression(withCondition));
    if (!parser.stream.is('operator', ',')) break;
    isTuple = true;
  }
  if (!isTuple && items[0]) return items[0];
  if (!isTuple && !inParentheses) {
    throw syntaxError(
      `Expected an expression, got ${described(parser.stream.current())}`,
      parser.stream.current().line,
    );
  }
  return { type: 'tuple', items, line };
}

export function isTupleEnd(stream: TokenStream, ends: readonly string[]): boolean {
  const { type, text } = stream.current();
  if (type === 'variable_end' || type === 'block_end') return true;
  return type === 'operator' ? text === ')' : type === 'name' && ends.includes(text);
}

function parseCondition(parser: Parser): Expression {
  const { line } = parser.stream.current();
  const start = parser.stream.soft;
  let yes = parseOr(parser);
  while (parser.stream.skipIf('name', 'if')) {
    parser.stream.soft = true;
    const test = parseOr(parser);
    const no = parser.stream.skipIf('name', 'else') ? parser.stream.nested(() => parseCondition(parser)) : undefined;
    parser.stream.soft = start;
    yes = { type: 'condition', test, yes: softened(yes), no, line };
  }
  return yes;
}

/** What stands before `if` was read before it was known to be a branch. */
function softened(node: Expression): Expression {
  if (node.type !== 'filter' && node.type !== 'test') return node;
  return { ...node, soft: true, ...(node.of && { of: softened(node.of) }) } as Expression;
}

function parseOr(parser: Parser): Expression {
  let left = parseAnd(parser);
  while (parser.stream.is('name', 'or')) {
    const { line } = parser.stream.next();
    left = { type: 'or', left, right: parseAnd(parser), line };
  }
  return left;
}

function parseAnd(parser: Parser): Expression {
  let left = parseNot(parser);
  while (parser.stream.is('name', 'and')) {
    const { line } = parser.stream.next();
    left = { type: 'and', left, right: parseNot(parser), line };
  }
  return left;
}

function parseNot(parser: Parser): Expression {
  if (!parser.stream.is('name', 'not')) return parseComparison(parser);
  const { line } = parser.stream.next();
  return { type: 'not', of: parser.stream.nested(() => parseNot(parser)), line };
}

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

function parseComparison(parser: Parser): Expression {
  const { line } = parser.stream.current();
  const first = parseBinary(parser, 0);
  const others: [Comparison, Expression][] = [];
  for (;;) {
    const { type, text } = parser.stream.current();
    let comparison: Comparison;
    if (type === 'operator' && COMPARISONS.includes(text)) comparison = text as Comparison;
    else if (parser.stream.is('name', 'in')) comparison = 'in';
    else if (
      parser.stream.is('name', 'not') &&
      parser.stream.look().type === 'name' &&
      parser.stream.look().text === 'in'
    ) {
      parser.stream.next();
      comparison = 'not in';
    } else break;
    parser.stream.next();
    others.push([comparison, parseBinary(parser, 0)]);
  }
  return others.length > 0 ? { type: 'compare', first, others, line } : first;
}

/** Loosest first; `~` lies between sums and products. */
const LEVELS: readonly (readonly string[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%'], ['**']];

function parseBinary(parser: Parser, level: number): Expression {
  const operators = LEVELS[level];
  if (!operators) return parseUnary(parser);
  let left = parseBinary(parser, level + 1);
  const isHere = () => parser.stream.current().type === 'operator' && operators.includes(parser.stream.current().text);
  if (level === 1) {
    const parts = [left];
    const { line } = parser.stream.current();
    while (parser.stream.skipIf('operator', '~')) parts.push(parseBinary(parser, level + 1));
    return parts.length > 1 ? { type: 'concat', parts, line } : left;
  }
  while (isHere()) {
    const { text, line } = parser.stream.next();
    left = { type: 'binary', operator: text as BinaryOperator, left, right: parseBinary(parser, level + 1), line };
  }
  return left;
}

function parseUnary(parser: Parser, withFilter = true): Expression {
  const { type, text, line } = parser.stream.current();
  let node: Expression;
  if (type === 'operator' && (text === '-' || text === '+')) {
    parser.stream.next();
    node = { type: 'sign', sign: text, of: parser.stream.nested(() => parseUnary(parser, false)), line };
  } else {
    node = parsePrimary(parser);
  }
  node = parsePostfix(parser, node);
  return withFilter ? parseFilterExpression(parser, node) : node;
}

function parseFilterExpression(parser: Parser, first: Expression): Expression {
  let node = first;
  for (;;) {
    if (parser.stream.is('operator', '|')) node = parseFilter(parser, node) as FilterNode;
    else if (parser.stream.is('name', 'is')) node = parseTest(parser, node);
    else if (parser.stream.is('operator', '(')) node = parsePostfix(parser, node);
    else return node;
  }
}

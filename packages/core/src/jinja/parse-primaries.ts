import { syntaxError } from './errors.ts';
import type { Expression } from './nodes.ts';
import { parseCallArguments } from './parse-calls.ts';
import type { Parser } from './parser.ts';
import { described } from './token-stream.ts';
import type { Value } from './values.ts';

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** A name, a literal, or what stands in brackets. @throws {JinjaError} */
export function parsePrimary(parser: Parser): Expression {
  const token = parser.stream.next();
  const { type, text, line } = token;
  if (type === 'name') {
    const constant = CONSTANTS.get(text);
    return constant === undefined ? { type: 'name', name: text, line } : { type: 'constant', value: constant, line };
  }
  if (type === 'string') {
    let joined = token.constant as string;
    while (parser.stream.is('string')) joined += parser.stream.next().constant as string;
    return { type: 'constant', value: joined, line };
  }
  if (type === 'number') return { type: 'constant', value: token.constant as Value, line };
  if (type === 'operator' && text === '(') {
    const inner = parser.stream.nested(() => parser.tuple({ inParentheses: true }));
    parser.stream.expect('operator', ')');
    return inner;
  }
  if (type === 'operator' && text === '[') {
    return { type: 'list', items: untilClosed(parser, ']', () => parser.expression()), line };
  }
  if (type === 'operator' && text === '{')
    return { type: 'dict', items: untilClosed(parser, '}', () => parsePair(parser)), line };
  throw syntaxError(`unexpected ${described(token)}`, line);
}

function parsePair(parser: Parser): readonly [Expression, Expression] {
  const key = parser.expression();
  parser.stream.expect('operator', ':');
  return [key, parser.expression()];
}

function untilClosed<Item>(parser: Parser, closing: string, parse: () => Item): Item[] {
  const items: Item[] = [];
  while (!parser.stream.is('operator', closing)) {
    if (items.length > 0) parser.stream.expect('operator', ',');
    if (parser.stream.is('operator', closing)) break;
    items.push(parse());
  }
  parser.stream.next();
  return items;
}

/** Attributes, items and calls after an expression. */
export function parsePostfix(parser: Parser, first: Expression): Expression {
  let node = first;
  for (;;) {
    const { line } = parser.stream.current();
    if (parser.stream.skipIf('operator', '.')) node = parseAttribute(parser, node, line);
    else if (parser.stream.skipIf('operator', '[')) node = parseItem(parser, node, line);
    else if (parser.stream.is('operator', '('))
      node = { type: 'call', callee: node, args: parseCallArguments(parser), line };
    else return node;
  }
}

function parseAttribute(parser: Parser, of: Expression, line: number): Expression {
  const token = parser.stream.next();
  if (token.type === 'name') return { type: 'attribute', of, name: token.text, line };
  if (token.type !== 'number' || typeof token.constant === 'object')
    throw syntaxError('expected name or number', token.line);
  return { type: 'item', of, key: { type: 'constant', value: token.constant as Value, line }, line };
}

function parseItem(parser: Parser, of: Expression, line: number): Expression {
  const keys: Expression[] = [];
  while (!parser.stream.is('operator', ']')) {
    if (keys.length > 0) parser.stream.expect('operator', ',');
    keys.push(parseKey(parser));
  }
  parser.stream.next();
  const key: Expression = keys.length === 1 ? (keys[0] as Expression) : { type: 'tuple', items: keys, line };
  return { type: 'item', of, key, line };
}

function parseKey(parser: Parser): Expression {
  const { line } = parser.stream.current();
  const part = () => {
    const ends =
      parser.stream.is('operator', ':') || parser.stream.is('operator', ']') || parser.stream.is('operator', ',');
    return ends ? undefined : parser.expression();
  };
  const start = parser.stream.is('operator', ':') ? undefined : parser.expression();
  if (start && !parser.stream.is('operator', ':')) return start;
  parser.stream.next();
  const stop = part();
  const step = parser.stream.skipIf('operator', ':') ? part() : undefined;
  return { type: 'slice', start, stop, step, line };
}

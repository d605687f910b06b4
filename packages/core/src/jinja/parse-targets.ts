import { syntaxError } from './errors.ts';
import type { Target } from './nodes.ts';
import { isTupleEnd } from './parse-expressions.ts';
import type { Parser } from './parser.ts';
import { described } from './token-stream.ts';

const CONSTANTS = ['true', 'True', 'false', 'False', 'none', 'None'];

/** What something is assigned to: names, or one attribute of a namespace. @throws {JinjaError} */
export function parseTarget(parser: Parser, ends: readonly string[], withNamespace = false): Target {
  const { stream } = parser;
  const { line } = stream.current();
  const items: Target[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expect('operator', ',');
    if (isTupleEnd(stream, ends)) break;
    items.push(parseOne(parser, withNamespace));
    if (!stream.is('operator', ',')) break;
    isTuple = true;
  }
  if (!isTuple && items[0]) return items[0];
  if (!isTuple) throw syntaxError(`Expected an expression, got ${described(stream.current())}`, line);
  return { type: 'tuple', items, line };
}

function parseOne(parser: Parser, withNamespace: boolean): Target {
  const { stream } = parser;
  if (stream.skipIf('operator', '(')) {
    const inner = stream.nested(() => parseTarget(parser, [], withNamespace));
    stream.expect('operator', ')');
    return inner;
  }
  const { name, line } = parseName(parser);
  if (!withNamespace || !stream.skipIf('operator', '.')) return { type: 'name', name, line };
  return { type: 'namespace', name, attribute: stream.expect('name').text, line };
}

export function parseName({ stream }: Parser): { type: 'name'; name: string; line: number } {
  const { text: name, line } = stream.expect('name');
  if (CONSTANTS.includes(name)) throw syntaxError(`can't assign to '${name}'`, line);
  return { type: 'name', name, line };
}

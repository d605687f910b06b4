import { syntaxError } from './errors.ts';
import type { ForNode, MacroNode, Parameter, Statement } from './nodes.ts';
import { parseFilter } from './parse-calls.ts';
import { parseName, parseTarget } from './parse-targets.ts';
import type { Parser } from './parser.ts';

interface Surroundings {
  readonly ends: readonly string[];
  readonly loops: number;
}
/** Reads the statements within one, up to a tag that ends them. */
type ParseBody = (parser: Parser, surroundings: Surroundings) => Statement[];
type ParseTag = (parser: Parser, surroundings: Surroundings, parseBody: ParseBody) => Statement;

const TAGS: Readonly<Record<string, ParseTag>> = {
  for: parseFor,
  if: parseIf,
  set: parseSet,
  with: parseWith,
  macro: parseMacro,
  call: parseCall,
  filter: parseFilterBlock,
  block: parseBlock,
  print: parsePrint,
  autoescape: parseAutoescape,
  generation: parseGeneration,
  break: parseLoopControl,
  continue: parseLoopControl,
};
const OTHER_TEMPLATES = ['extends', 'include', 'import', 'from'];

/** The statement whose tag comes next, up to the end of its last tag. @throws {JinjaError} */
export function parseStatement(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { type, text, line } = parser.stream.current();
  if (type !== 'name') throw syntaxError('tag name expected', line);
  if (OTHER_TEMPLATES.includes(text))
    throw syntaxError(`'${text}' needs other templates, which a chat template has none of`, line);
  const parseTag = Object.hasOwn(TAGS, text) ? TAGS[text] : undefined;
  if (!parseTag) {
    const wanted = surroundings.ends.map((name) => `'${name}'`).join(' or ');
    throw syntaxError(`Encountered unknown tag '${text}'${wanted && `. It was looking for ${wanted}`}`, line);
  }
  return parseTag(parser, surroundings, parseBody);
}

/** The statements of a tag up to `{% end… %}`, of which the name is taken. */
function body(
  parser: Parser,
  surroundings: Surroundings,
  parseBody: ParseBody,
  ends: readonly string[],
  soft = false,
): { statements: Statement[]; end: string } {
  const { stream } = parser;
  stream.skipIf('operator', ':');
  stream.expect('block_end');
  const before = stream.soft;
  stream.soft = soft;
  const statements = parseBody(parser, { ...surroundings, ends });
  stream.soft = before;
  return { statements, end: stream.next().text };
}

function parseFor(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): ForNode {
  const { stream } = parser;
  const { line } = stream.next();
  const target = parseTarget(parser, ['in']);
  stream.expect('name', 'in');
  const over = parser.tuple({ withCondition: false, ends: ['recursive'] });
  const filter = stream.skipIf('name', 'if') ? parser.expression() : undefined;
  const recursive = stream.skipIf('name', 'recursive');
  const inside = { ...surroundings, loops: surroundings.loops + 1 };
  const { statements, end } = body(parser, inside, parseBody, ['endfor', 'else']);
  // The function that a recursive loop is cannot leave the loops around it.
  const outside = recursive ? { ...surroundings, loops: 0 } : surroundings;
  const otherwise = end === 'else' ? body(parser, outside, parseBody, ['endfor']).statements : [];
  return { type: 'for', target, over, filter, recursive, body: statements, otherwise, line };
}

function parseIf(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { line } = parser.stream.next();
  const branches: [ReturnType<Parser['expression']>, Statement[]][] = [];
  for (;;) {
    const test = parser.tuple({ withCondition: false });
    const { statements, end } = body(parser, surroundings, parseBody, ['elif', 'else', 'endif'], true);
    branches.push([test, statements]);
    if (end === 'endif') return { type: 'if', branches, otherwise: [], line };
    if (end === 'else') {
      return {
        type: 'if',
        branches,
        otherwise: body(parser, surroundings, parseBody, ['endif'], true).statements,
        line,
      };
    }
  }
}

function parseSet(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { line } = parser.stream.next();
  const target = parseTarget(parser, [], true);
  if (parser.stream.skipIf('operator', '=')) return { type: 'set', target, value: parser.tuple(), line };
  const filter = parseFilter(parser, undefined);
  return {
    type: 'set-block',
    target,
    filter,
    body: body(parser, surroundings, parseBody, ['endset']).statements,
    line,
  };
}

function parseWith(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { stream } = parser;
  const { line } = stream.next();
  const values: [ReturnType<typeof parseTarget>, ReturnType<Parser['expression']>][] = [];
  while (!stream.is('block_end')) {
    if (values.length > 0) stream.expect('operator', ',');
    const target = parseTarget(parser, []);
    stream.expect('operator', '=');
    values.push([target, parser.expression()]);
  }
  return { type: 'with', values, body: body(parser, surroundings, parseBody, ['endwith']).statements, line };
}

function parseMacro(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): MacroNode {
  const { line } = parser.stream.next();
  const { name } = parseName(parser);
  const parameters = parseSignature(parser);
  const { statements } = body(parser, { ...surroundings, loops: 0 }, parseBody, ['endmacro']);
  return { type: 'macro', name, parameters, body: statements, line };
}

function parseSignature(parser: Parser): Parameter[] {
  const { stream } = parser;
  const { line } = stream.expect('operator', '(');
  const parameters: Parameter[] = [];
  while (!stream.is('operator', ')')) {
    if (parameters.length > 0) stream.expect('operator', ',');
    const { name } = parseName(parser);
    const fallback = stream.skipIf('operator', '=') ? parser.expression() : undefined;
    if (!fallback && parameters.at(-1)?.fallback)
      throw syntaxError('non-default argument follows default argument', line);
    if (parameters.some((other) => other.name === name)) throw syntaxError(`duplicate argument '${name}'`, line);
    parameters.push({ name, fallback });
  }
  stream.next();
  return parameters;
}

function parseCall(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { line } = parser.stream.next();
  const parameters = parser.stream.is('operator', '(') ? parseSignature(parser) : [];
  const call = parser.expression();
  if (call.type !== 'call') throw syntaxError('expected call', line);
  const { statements } = body(parser, { ...surroundings, loops: 0 }, parseBody, ['endcall']);
  return {
    type: 'call-block',
    call,
    caller: { type: 'macro', name: undefined, parameters, body: statements, line },
    line,
  };
}

function parseGeneration(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { line } = parser.stream.next();
  const { statements } = body(parser, { ...surroundings, loops: 0 }, parseBody, ['endgeneration']);
  return {
    type: 'generation',
    caller: { type: 'macro', name: undefined, parameters: [], body: statements, line },
    line,
  };
}

function parseFilterBlock(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { line } = parser.stream.next();
  const filter = parseFilter(parser, undefined, true);
  if (!filter) throw syntaxError('expected a filter', line);
  return { type: 'filter-block', filter, body: body(parser, surroundings, parseBody, ['endfilter']).statements, line };
}

function parseBlock(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { stream } = parser;
  const { line } = stream.next();
  const { text: name } = stream.expect('name');
  const scoped = stream.skipIf('name', 'scoped');
  if (stream.skipIf('name', 'required'))
    throw syntaxError(`'required' needs other templates, which a chat template has none of`, line);
  const { statements } = body(parser, { ...surroundings, loops: 0 }, parseBody, ['endblock']);
  stream.skipIf('name', name);
  return { type: 'block', name, scoped, body: statements, line };
}

function parsePrint(parser: Parser): Statement {
  const { stream } = parser;
  const { line } = stream.next();
  const parts: ReturnType<Parser['expression']>[] = [];
  while (!stream.is('block_end')) {
    if (parts.length > 0) stream.expect('operator', ',');
    parts.push(parser.expression());
  }
  return { type: 'output', parts, line };
}

/** `{% autoescape false %}` is what templates begin with; texts for web pages are no chat's. */
function parseAutoescape(parser: Parser, surroundings: Surroundings, parseBody: ParseBody): Statement {
  const { line } = parser.stream.next();
  const on = parser.expression();
  if (on.type !== 'constant' || on.value !== false) throw syntaxError("'autoescape' can only be false", line);
  return { type: 'scope', body: body(parser, surroundings, parseBody, ['endautoescape']).statements, line };
}

function parseLoopControl(parser: Parser, { loops }: Surroundings): Statement {
  const { text, line } = parser.stream.next();
  if (loops === 0) throw syntaxError(`'${text}' outside loop`, line);
  return { type: text as 'break' | 'continue', line };
}

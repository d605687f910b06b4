import { syntaxError } from './errors.ts';
import { tokenize } from './lexer.ts';
import type { Statement } from './nodes.ts';
import { parserOf } from './parse-expressions.ts';
import { parseStatement } from './parse-statements.ts';
import type { Parser } from './parser.ts';
import { streamOf } from './token-stream.ts';

/** Reads a template. @throws {JinjaError} where it is no Jinja */
export function parseTemplate(source: string): Statement[] {
  const parser = parserOf(streamOf(tokenize(source)));
  return parseBody(parser, { ends: [], loops: 0 });
}

/** What a statement lies in. */
export interface Surroundings {
  /** Names of the tags that end it. */
  readonly ends: readonly string[];
  /** How many loops `break` could leave. */
  readonly loops: number;
}

/** Statements up to a tag that ends them, which stays to be read, or up to the end of the template. */
export function parseBody(parser: Parser, surroundings: Surroundings): Statement[] {
  const { stream } = parser;
  const { ends } = surroundings;
  const statements: Statement[] = [];
  let parts: Extract<Statement, { type: 'output' }>['parts'][number][] = [];
  let outputLine = 0;
  const add = (part: (typeof parts)[number], line: number) => {
    if (parts.length === 0) outputLine = line;
    parts.push(part);
  };
  const flush = () => {
    if (parts.length > 0) statements.push({ type: 'output', parts, line: outputLine });
    parts = [];
  };
  for (;;) {
    const { type, text, line } = stream.current();
    if (type === 'end') break;
    stream.next();
    if (type === 'data') add(text, line);
    else if (type === 'variable_begin') {
      add(parser.tuple(), line);
      stream.expect('variable_end');
    } else {
      flush();
      if (stream.is('name') && ends.includes(stream.current().text)) return statements;
      statements.push(stream.nested(() => parseStatement(parser, surroundings, parseBody)));
      stream.expect('block_end');
    }
  }
  flush();
  if (ends.length > 0) {
    const wanted = ends.map((name) => `'${name}'`).join(' or ');
    throw syntaxError(`Unexpected end of template. It was looking for ${wanted}`, stream.current().line);
  }
  return statements;
}

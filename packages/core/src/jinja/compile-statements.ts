import { spend, spendText } from './budget.ts';
import { compileCall } from './compile-calls.ts';
import { compileExpression, compileFilter } from './compile-expressions.ts';
import { compileFor } from './compile-loops.ts';
import { compileMacro } from './compile-macros.ts';
import { compileTarget } from './compile-targets.ts';
import { syntaxError } from './errors.ts';
import type { Statement } from './nodes.ts';
import { str } from './repr.ts';
import { type Execute, innerScope, type Output, type Scope } from './scope.ts';
import { isTrue, type Value } from './values.ts';

/** Makes statements a function that executes them one after the other. @throws {JinjaError} */
export function compileBody(body: readonly Statement[]): Execute {
  const statements = body.map(compileStatement);
  const [only] = statements;
  if (only && statements.length === 1) return only;
  return (scope, output) => {
    for (const statement of statements) {
      const ending = statement(scope, output);
      if (ending !== 'next') return ending;
    }
    return 'next';
  };
}

function compileStatement(node: Statement): Execute {
  switch (node.type) {
    case 'output':
      return compileOutput(node);
    case 'if':
      return compileIf(node);
    case 'for':
      return compileFor(node, compileBody);
    case 'set':
      return compileSet(node);
    case 'set-block':
      return compileSetBlock(node);
    case 'with':
      return compileWith(node);
    case 'macro': {
      const macro = compileMacro(node, compileBody);
      const { name = '' } = node;
      return (scope) => {
        scope.names.set(name, macro(scope));
        return 'next';
      };
    }
    case 'call-block':
      return compileCallBlock(node);
    case 'filter-block':
      return compileFilterBlock(node);
    case 'scope':
      return scoped(node.body);
    case 'block':
      return compileBlock(node);
    case 'generation':
      return compileGeneration(node);
    case 'break':
    case 'continue': {
      const { type } = node;
      return () => type;
    }
  }
}

function write(output: Output, text: string): void {
  spendText(text.length);
  output.text += text;
}

function compileOutput({ parts, line }: Extract<Statement, { type: 'output' }>): Execute {
  const written = parts.map((part) => (typeof part === 'string' ? part : compileExpression(part)));
  return (scope, output) => {
    for (const part of written) {
      if (typeof part === 'string') {
        write(output, part);
        continue;
      }
      scope.rendering.line = line;
      // Evaluated before it is looked at where to write: what is called within writes too.
      const text = str(part(scope));
      write(output, text);
    }
    return 'next';
  };
}

function compileIf({ branches, otherwise }: Extract<Statement, { type: 'if' }>): Execute {
  const compiled = branches.map(([test, body]) => [compileExpression(test), compileBody(body), test.line] as const);
  const no = compileBody(otherwise);
  return (scope, output) => {
    for (const [test, body, line] of compiled) {
      scope.rendering.line = line;
      spend(1);
      if (isTrue(test(scope))) return body(scope, output);
    }
    return no(scope, output);
  };
}

function compileSet({ target, value: node, line }: Extract<Statement, { type: 'set' }>): Execute {
  const assign = compileTarget(target);
  const value = compileExpression(node);
  return (scope) => {
    scope.rendering.line = line;
    assign(scope, value(scope));
    return 'next';
  };
}

function compileSetBlock({ target, filter, body: nodes, line }: Extract<Statement, { type: 'set-block' }>): Execute {
  const assign = compileTarget(target);
  const body = compileBody(nodes);
  const filtered = filter && ((text: Value) => compileFilter(filter, () => text));
  return (scope) => {
    const output: Output = { text: '' };
    const ending = body(innerScope(scope), output);
    if (ending !== 'next') return ending;
    scope.rendering.line = line;
    assign(scope, filtered ? filtered(output.text)(scope) : output.text);
    return 'next';
  };
}

function compileWith({ values, body: nodes }: Extract<Statement, { type: 'with' }>): Execute {
  const assignments = values.map(([target, value]) => [compileTarget(target), compileExpression(value)] as const);
  const body = compileBody(nodes);
  return (scope, output) => {
    const inner = innerScope(scope);
    for (const [assign, value] of assignments) assign(inner, value(scope));
    return body(inner, output);
  };
}

function compileCallBlock({ call, caller: node, line }: Extract<Statement, { type: 'call-block' }>): Execute {
  if (call.type !== 'call') throw syntaxError('expected call', line);
  const caller = compileMacro(node, compileBody);
  const called = compileCall(call, compileExpression);
  return (scope, output) => {
    scope.rendering.line = line;
    const text = str(called(scope, ['caller', caller(scope)]));
    write(output, text);
    return 'next';
  };
}

function compileFilterBlock({ filter, body: nodes, line }: Extract<Statement, { type: 'filter-block' }>): Execute {
  const body = compileBody(nodes);
  const filtered = (text: Value) => compileFilter(filter, () => text);
  return (scope, output) => {
    const inner = innerScope(scope);
    const written: Output = { text: '' };
    const ending = body(inner, written);
    if (ending !== 'next') return ending;
    scope.rendering.line = line;
    const text = str(filtered(written.text)(inner));
    write(output, text);
    return 'next';
  };
}

function scoped(nodes: readonly Statement[]): Execute {
  const body = compileBody(nodes);
  return (scope, output) => body(innerScope(scope), output);
}

/** A block sees what is set at the top of the template, and what stands around it only where it is scoped. */
function compileBlock({ scoped: seesAround, body: nodes }: Extract<Statement, { type: 'block' }>): Execute {
  const body = compileBody(nodes);
  return (scope, output) => {
    body(innerScope(seesAround ? scope : topOf(scope)), output);
    return 'next';
  };
}

/** The scope of the template, within that of the values it is given. */
function topOf(scope: Scope): Scope {
  let top = scope;
  while (top.outer?.outer) top = top.outer;
  return top;
}

/** What transformers marks as the assistant's: a scope of its own, like a macro's. */
function compileGeneration({ caller: node }: Extract<Statement, { type: 'generation' }>): Execute {
  const caller = compileMacro(node, compileBody);
  return (scope, output) => {
    write(output, str(caller(scope).call?.({ positional: [] }) ?? null));
    return 'next';
  };
}

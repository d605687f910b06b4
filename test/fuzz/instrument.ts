import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Node, parse } from 'acorn';
import { full } from 'acorn-walk';

/** Where a program's counters lie: every branch of the code that is watched has one. */
export const COUNTERS = 2 ** 16;

declare global {
  var fuzzCounters: Uint32Array;
}

/** The readers, and the packages that read for them. */
const WATCHED =
  /core\/src\/(rows|tokenizer|jinja|checkpoint\/(safetensors|adapter)|model\/families|recipe\/json-keys)|\/(csv-parse|re2js)\/|huggingface[+/]tokenizers/;

/**
 * From here on, modules that are loaded count in `globalThis.fuzzCounters` how often each of their branches is taken: blocks
 * of functions, `if`, loops, `switch`, and the parts of `?:`, `&&`, `||`, `??`.
 *
 * @returns how many of the counters have a branch by now
 */
export function watchBranches(): () => number {
  globalThis.fuzzCounters = new Uint32Array(COUNTERS);
  let next = 0;
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith('file:') || !WATCHED.test(url) || url.endsWith('.json')) return nextLoad(url, context);
      const source = readFileSync(fileURLToPath(url), 'utf8');
      const script = url.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
      try {
        return { format: 'module', source: withCounters(script, () => next++ % COUNTERS), shortCircuit: true };
      } catch {
        // CommonJS, which acorn does not take for a module.
        return nextLoad(url, context);
      }
    },
  });
  return () => Math.min(next, COUNTERS);
}

type AnyNode = Node & Record<string, unknown>;

/** The script with a counter at the beginning of every branch. */
export function withCounters(script: string, counter: () => number): string {
  const insertions: [at: number, text: string][] = [];
  const count = () => `fuzzCounters[${counter()}]++`;
  const statement = (node: unknown) => {
    const { type, start, end } = (node ?? {}) as AnyNode;
    if (type === 'BlockStatement') insertions.push([start + 1, `${count()};`]);
    else if (type) insertions.push([start, `{${count()};`], [end, '}']);
  };
  const expression = (node: unknown) => {
    const { start, end } = node as AnyNode;
    insertions.push([start, `(${count()},`], [end, ')']);
  };
  full(parse(script, { ecmaVersion: 'latest', sourceType: 'module' }), (each) => {
    const node = each as AnyNode;
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'CatchClause':
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
        statement(node.body);
        break;
      case 'ArrowFunctionExpression':
        if (node.expression) expression(node.body);
        else statement(node.body);
        break;
      case 'IfStatement':
        statement(node.consequent);
        if (node.alternate) statement(node.alternate);
        break;
      case 'SwitchCase': {
        const first = (node.consequent as AnyNode[])[0];
        if (first) insertions.push([first.start, `${count()};`]);
        break;
      }
      case 'ConditionalExpression':
        expression(node.consequent);
        expression(node.alternate);
        break;
      case 'LogicalExpression':
        expression(node.right);
    }
  });
  return inserted(script, insertions);
}

/** Of two at one place, those that begin something follow each other from the outside in, and those that end it the other way. */
function inserted(script: string, insertions: readonly [at: number, text: string][]): string {
  const isEnd = (text: string) => text === ')' || text === '}';
  const inOrder = insertions
    .map(([at, text], i) => ({ at, text, i }))
    .sort((a, b) => {
      if (a.at !== b.at) return a.at - b.at;
      if (isEnd(a.text) !== isEnd(b.text)) return isEnd(a.text) ? -1 : 1;
      // The walk comes to inner nodes first.
      return isEnd(a.text) ? a.i - b.i : b.i - a.i;
    });
  let result = '';
  let from = 0;
  for (const { at, text } of inOrder) {
    result += script.slice(from, at) + text;
    from = at;
  }
  return result + script.slice(from);
}

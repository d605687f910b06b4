import { spendText, spendTurns } from './budget.ts';
import { compileExpression } from './compile-expressions.ts';
import { compileTarget } from './compile-targets.ts';
import { iterate } from './iterate.ts';
import { createLoop } from './loop.ts';
import type { ForNode, Statement } from './nodes.ts';
import { type Evaluate, type Execute, innerScope, type Output, type Scope } from './scope.ts';
import { generator, isTrue, type Value } from './values.ts';

type CompileBody = (body: readonly Statement[]) => Execute;

/** A loop's statements are executed in a scope of their own, every turn in a new one. */
export function compileFor(node: ForNode, compileBody: CompileBody): Execute {
  const over = compileExpression(node.over);
  const assign = compileTarget(node.target);
  const filter = node.filter && compileExpression(node.filter);
  const [body, otherwise] = [compileBody(node.body), compileBody(node.otherwise)];
  const { line } = node;

  const run = (scope: Scope, output: Output, elements: Value, depth: number): 'next' | 'break' | 'continue' => {
    const recurse = (inner: Value, innerDepth: number): Value => {
      const written: Output = { text: '' };
      run(scope, written, inner, innerDepth);
      spendText(written.text.length);
      return written.text;
    };
    const chosen = filter ? generator(filtered(scope, elements, assign, filter)) : elements;
    const loop = createLoop(chosen, node.recursive ? recurse : undefined, depth);
    let whole = 0;
    for (let item = loop.advance(); item !== undefined; item = loop.advance()) {
      spendTurns(1);
      const inner = innerScope(scope);
      inner.names.set('loop', loop.thing);
      inner.rendering.line = line;
      assign(inner, item);
      const ending = body(inner, output);
      if (ending === 'break') break;
      if (ending === 'next') whole++;
    }
    // Where every turn was left early, Jinja takes the loop for one that had none.
    return whole === 0 ? otherwise(innerScope(scope), output) : 'next';
  };
  return (scope, output) => {
    const elements = over(scope);
    scope.rendering.line = line;
    if (!node.recursive) return run(scope, output, elements, 0);
    const written: Output = { text: '' };
    run(scope, written, elements, 0);
    output.text += written.text;
    return 'next';
  };
}

function* filtered(
  scope: Scope,
  elements: Value,
  assign: (scope: Scope, value: Value) => void,
  filter: Evaluate,
): Generator<Value, void> {
  const iterator = iterate(elements);
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    spendTurns(1);
    const inner = innerScope(scope);
    assign(inner, next.value);
    if (isTrue(filter(inner))) yield next.value;
  }
}

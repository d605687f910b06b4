import { getAttribute, getItem } from './attributes.ts';
import { spend, spendList, spendText } from './budget.ts';
import { compare } from './compare.ts';
import { compileArguments, compileCall } from './compile-calls.ts';
import { describeExpression } from './describe.ts';
import { dict } from './dict.ts';
import { library } from './library.ts';
import type { Expression, FilterNode } from './nodes.ts';
import { operate, signed } from './operators.ts';
import { str } from './repr.ts';
import { type Evaluate, lookUp, type Scope } from './scope.ts';
import { sliceOf } from './slices.ts';
import { isTrue, orElse, undefinedValue, type Value } from './values.ts';

/** Makes an expression a function of the scope it is evaluated in. @throws {JinjaError} for an unknown filter or test */
export function compileExpression(node: Expression): Evaluate {
  switch (node.type) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node.name);
    case 'list':
    case 'tuple':
      return compileItems(node.type, node.items);
    case 'dict':
      return compileDict(node.items);
    case 'condition':
      return compileCondition(node);
    case 'or':
    case 'and':
      return compileLogic(node.type, node.left, node.right);
    case 'not': {
      const of = compileExpression(node.of);
      return (scope) => !isTrue(of(scope));
    }
    case 'sign': {
      const { sign, line } = node;
      const of = compileExpression(node.of);
      return (scope) => {
        const value = of(scope);
        step(scope, line);
        return signed(sign, value);
      };
    }
    case 'binary': {
      const { operator, line } = node;
      const [left, right] = [compileExpression(node.left), compileExpression(node.right)];
      return (scope) => {
        const a = left(scope);
        const b = right(scope);
        step(scope, line);
        return operate(operator, a, b);
      };
    }
    case 'concat':
      return compileConcat(node.parts);
    case 'compare':
      return compileComparisons(node);
    case 'attribute':
      return compileAttribute(node);
    case 'item':
      return compileItem(node);
    case 'slice':
      throw new Error('a slice stands in brackets only');
    case 'call':
      return compileCall(node, compileExpression);
    case 'filter':
      return compileFilter(node);
    case 'test':
      return compileTest(node);
  }
}

/** Every operation is a step, and says where it stands. */
function step({ rendering }: Scope, line: number): void {
  rendering.line = line;
  spend(1);
}

function compileName(name: string): Evaluate {
  const missing = () => undefinedValue(() => `'${name}' is undefined`);
  return (scope) => orElse(lookUp(scope, name), missing);
}

function compileItems(kind: 'list' | 'tuple', nodes: readonly Expression[]): Evaluate {
  const items = nodes.map(compileExpression);
  return (scope) => {
    spendList(items.length);
    return { kind, items: items.map((item) => item(scope)) };
  };
}

function compileDict(nodes: readonly (readonly [Expression, Expression])[]): Evaluate {
  const items = nodes.map(([key, value]) => [compileExpression(key), compileExpression(value)] as const);
  return (scope) => {
    spendList(items.length);
    return dict(items.map(([key, value]) => [key(scope), value(scope)] as const));
  };
}

function compileCondition(node: Extract<Expression, { type: 'condition' }>): Evaluate {
  const [test, yes] = [compileExpression(node.test), compileExpression(node.yes)];
  const no = node.no && compileExpression(node.no);
  const { line } = node;
  const message = () => `the inline if-expression on line ${line} evaluated to false and no else section was defined.`;
  return (scope) => {
    if (isTrue(test(scope))) return yes(scope);
    return no ? no(scope) : undefinedValue(message);
  };
}

function compileLogic(type: 'or' | 'and', leftNode: Expression, rightNode: Expression): Evaluate {
  const [left, right] = [compileExpression(leftNode), compileExpression(rightNode)];
  return (scope) => {
    const value = left(scope);
    return isTrue(value) === (type === 'or') ? value : right(scope);
  };
}

function compileConcat(nodes: readonly Expression[]): Evaluate {
  const parts = nodes.map(compileExpression);
  return (scope) => {
    let text = '';
    for (const part of parts) text += str(part(scope));
    spendText(text.length);
    return text;
  };
}

function compileComparisons({ first: firstNode, others, line }: Extract<Expression, { type: 'compare' }>): Evaluate {
  const first = compileExpression(firstNode);
  const rest = others.map(([comparison, node]) => [comparison, compileExpression(node)] as const);
  return (scope) => {
    let left = first(scope);
    for (const [comparison, node] of rest) {
      const right = node(scope);
      step(scope, line);
      if (!compare(comparison, left, right)) return false;
      left = right;
    }
    return true;
  };
}

function compileAttribute(node: Extract<Expression, { type: 'attribute' }>): Evaluate {
  const of = compileExpression(node.of);
  const { name, line } = node;
  const path = () => describeExpression(node);
  return (scope) => {
    const value = of(scope);
    step(scope, line);
    return getAttribute(value, name, path);
  };
}

function compileItem(node: Extract<Expression, { type: 'item' }>): Evaluate {
  const of = compileExpression(node.of);
  const { line, key: keyNode } = node;
  if (keyNode.type === 'slice') {
    const bound = (part: Expression | undefined): Evaluate => (part ? compileExpression(part) : () => null);
    const [start, stop, by] = [bound(keyNode.start), bound(keyNode.stop), bound(keyNode.step)];
    return (scope) => {
      const value = of(scope);
      const slice = { start: start(scope), stop: stop(scope), step: by(scope) };
      step(scope, line);
      return paidFor(sliceOf(value, slice));
    };
  }
  const key = compileExpression(keyNode);
  const path = () => describeExpression(node);
  return (scope) => {
    const value = of(scope);
    const wanted = key(scope);
    step(scope, line);
    return getItem(value, wanted, path);
  };
}

/** Texts and lists count by their lengths. */
export function paidFor(value: Value): Value {
  if (typeof value === 'string') spendText(value.length);
  else if (typeof value === 'object' && value !== null && value.kind === 'list') spendList(value.items.length);
  return value;
}

/** @param input what a block has written, where the filter is for that */
export function compileFilter(node: FilterNode, input?: Evaluate): Evaluate {
  const of = node.of ? compileFilterInput(node.of, input) : (input as Evaluate);
  const args = compileArguments(node.args, compileExpression);
  const { name, line } = node;
  const found = node.soft ? undefined : library.filter(name, line);
  return (scope) => {
    const given = args(scope, of(scope));
    step(scope, line);
    return paidFor((found ?? library.filter(name))(given));
  };
}

/** In a chain of filters for a block, the first is for what the block has written. */
const compileFilterInput = (node: Expression, input: Evaluate | undefined): Evaluate =>
  node.type === 'filter' && input ? compileFilter(node, input) : compileExpression(node);

function compileTest(node: Extract<Expression, { type: 'test' }>): Evaluate {
  const of = compileExpression(node.of);
  const args = compileArguments(node.args, compileExpression);
  const { name, line } = node;
  const found = node.soft ? undefined : library.test(name, line);
  return (scope) => {
    const given = args(scope, of(scope));
    step(scope, line);
    return (found ?? library.test(name))(given);
  };
}

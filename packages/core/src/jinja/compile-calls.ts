import { spend } from './budget.ts';
import { describeExpression } from './describe.ts';
import { typeError } from './errors.ts';
import { toArray } from './iterate.ts';
import type { CallArguments, Expression } from './nodes.ts';
import type { Evaluate, Scope } from './scope.ts';
import { type Arguments, isKind, isUndefined, typeName, type Value } from './values.ts';

type Compile = (node: Expression) => Evaluate;

/** Arguments as a call has them. @param first what a filter or a test is applied to */
export type EvaluateArguments = (scope: Scope, first?: Value) => Arguments;

export function compileArguments(node: CallArguments, compile: Compile): EvaluateArguments {
  const positional = node.positional.map(compile);
  const named = node.named.map(([name, value]) => [name, compile(value)] as const);
  const [rest, namedRest] = [node.rest && compile(node.rest), node.namedRest && compile(node.namedRest)];
  return (scope, first) => {
    const values = positional.map((value) => value(scope));
    if (first !== undefined) values.unshift(first);
    if (rest) values.push(...toArray(rest(scope)));
    if (named.length === 0 && !namedRest) return { positional: values };
    const all = new Map(named.map(([name, value]) => [name, value(scope)] as const));
    if (namedRest) addNamed(all, namedRest(scope));
    return { positional: values, named: all };
  };
}

function addNamed(named: Map<string, Value>, rest: Value): void {
  if (!isKind(rest, 'dict')) throw typeError(`argument after ** must be a mapping, not ${typeName(rest)}`);
  for (const [key, value] of rest.entries.values()) {
    if (typeof key !== 'string') throw typeError('keywords must be strings');
    if (named.has(key)) throw typeError(`got multiple values for keyword argument '${key}'`);
    named.set(key, value);
  }
}

/** @param more what is given by name besides: a call block's `caller` */
export function compileCall(
  node: Extract<Expression, { type: 'call' }>,
  compile: Compile,
): (scope: Scope, more?: readonly [name: string, value: Value]) => Value {
  const callee = compile(node.callee);
  const args = compileArguments(node.args, compile);
  const { line } = node;
  return (scope, more) => {
    const called = callee(scope);
    const given = args(scope);
    scope.rendering.line = line;
    spend(1);
    const all = more ? { ...given, named: new Map([...(given.named ?? []), more]) } : given;
    if (isKind(called, 'thing') && called.call) return called.call(all);
    if (isUndefined(called)) throw called.error();
    throw typeError(`'${typeName(called)}' object is not callable (${describeExpression(node.callee)})`);
  };
}

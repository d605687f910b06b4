import { spend, spendText } from './budget.ts';
import { compileExpression } from './compile-expressions.ts';
import { dict } from './dict.ts';
import { syntaxError, typeError } from './errors.ts';
import type { MacroNode, Statement } from './nodes.ts';
import { type Evaluate, type Execute, innerScope, type Output, type Scope } from './scope.ts';
import { type Arguments, orElse, type Thing, tuple, undefinedValue, type Value } from './values.ts';

type CompileBody = (body: readonly Statement[]) => Execute;

/** Makes a macro a function that gives, in a scope, the value to call. */
export function compileMacro(node: MacroNode, compileBody: CompileBody): (scope: Scope) => Thing {
  const { name, line } = node;
  const body = compileBody(node.body);
  const parameters = node.parameters.map((one) => ({
    name: one.name,
    fallback: one.fallback && compileExpression(one.fallback),
  }));
  const names = parameters.map((one) => one.name);
  const uses = (special: string) => !names.includes(special) && mentions(node.body, special);
  const takes = { caller: uses('caller'), kwargs: uses('kwargs'), varargs: uses('varargs') };
  const caller = parameters.find((one) => one.name === 'caller');
  if (caller && !caller.fallback && mentions(node.body, 'caller')) {
    throw syntaxError('a macro\'s "caller" argument must be omitted or be given a default', line);
  }
  const shown = name === undefined ? 'anonymous' : `'${name}'`;
  const call = (scope: Scope, args: Arguments): Value => {
    spend(2);
    const inner = innerScope(scope);
    bindArguments(inner, args, parameters, takes, shown);
    const output: Output = { text: '' };
    body(inner, output);
    spendText(output.text.length);
    return output.text;
  };
  const attributes: Readonly<Record<string, Value>> = {
    name: name ?? null,
    arguments: tuple(names),
    catch_kwargs: takes.kwargs,
    catch_varargs: takes.varargs,
    caller: takes.caller || caller !== undefined,
  };
  return (scope) => ({
    kind: 'thing',
    type: 'Macro',
    repr: () => `<Macro ${shown}>`,
    attribute: (attribute) => (Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined),
    call: (args) => call(scope, args),
  });
}

interface Takes {
  readonly caller: boolean;
  readonly kwargs: boolean;
  readonly varargs: boolean;
}

function bindArguments(
  scope: Scope,
  { positional, named }: Arguments,
  parameters: readonly { readonly name: string; readonly fallback: Evaluate | undefined }[],
  takes: Takes,
  shown: string,
): void {
  const { names } = scope;
  const left = new Map(named);
  const given = parameters.map(({ name }, i) => {
    if (i < positional.length) return positional[i];
    const value = left.get(name);
    left.delete(name);
    return value;
  });
  if (takes.caller) {
    names.set(
      'caller',
      orElse(left.get('caller'), () => undefinedValue(() => 'No caller defined')),
    );
    left.delete('caller');
  }
  if (takes.kwargs) names.set('kwargs', dict(left));
  else if (left.has('caller'))
    throw typeError(`macro ${shown} was invoked with two values for the special caller argument`);
  else if (left.size > 0) throw typeError(`macro ${shown} takes no keyword argument '${left.keys().next().value}'`);
  const more = positional.slice(parameters.length);
  if (takes.varargs) names.set('varargs', tuple(more));
  else if (more.length > 0) throw typeError(`macro ${shown} takes not more than ${parameters.length} argument(s)`);
  for (const [i, { name, fallback }] of parameters.entries()) {
    const missing = () => undefinedValue(() => `parameter '${name}' was not provided`);
    names.set(
      name,
      orElse(given[i], () => (fallback ? fallback(scope) : missing())),
    );
  }
}

/** Whether a name stands anywhere within. */
function mentions(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some((one) => mentions(one, name));
  const { type, name: own } = node as { type?: unknown; name?: unknown };
  if (type === 'name' && own === name) return true;
  return Object.values(node).some((inner) => mentions(inner, name));
}

import { JinjaError, typeError, valueError } from './errors.ts';
import { iterate, toArray } from './iterate.ts';
import type { Target } from './nodes.ts';
import { lookUp, type Scope } from './scope.ts';
import { isKind, typeName, type Value } from './values.ts';

export type Assign = (scope: Scope, value: Value) => void;

/** Makes what stands before `=` or `in` a function that assigns to it. */
export function compileTarget(target: Target): Assign {
  if (target.type === 'name') {
    const { name } = target;
    return ({ names }, value) => {
      names.set(name, value);
    };
  }
  if (target.type === 'namespace') return compileNamespace(target);
  const items = target.items.map(compileTarget);
  return (scope, value) => {
    const values = unpacked(value, items.length);
    for (const [i, assign] of items.entries()) assign(scope, values[i] as Value);
  };
}

function compileNamespace({ name, attribute, line }: Extract<Target, { type: 'namespace' }>): Assign {
  return (scope, value) => {
    const namespace = lookUp(scope, name);
    if (namespace === undefined || !isKind(namespace, 'namespace')) {
      throw new JinjaError(
        'TemplateError',
        `cannot assign attribute on non-namespace object (${name}.${attribute})`,
        line,
      );
    }
    if (attribute.startsWith('_')) {
      throw new JinjaError(
        'SecurityError',
        `a namespace has no attributes that begin with an underscore (${attribute})`,
        line,
      );
    }
    namespace.attributes.set(attribute, value);
  };
}

function unpacked(value: Value, count: number): readonly Value[] {
  let values: readonly Value[];
  try {
    iterate(value);
    values = toArray(value);
  } catch (error) {
    if (error instanceof JinjaError) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
    throw error;
  }
  if (values.length > count) throw valueError(`too many values to unpack (expected ${count}, got ${values.length})`);
  if (values.length < count) throw valueError(`not enough values to unpack (expected ${count}, got ${values.length})`);
  return values;
}

import { spend } from './budget.ts';
import { compareTexts } from './code-points.ts';
import { getEntry, keyOf } from './dict.ts';
import { typeError } from './errors.ts';
import { iterate, toArray, viewed } from './iterate.ts';
import type { Comparison } from './nodes.ts';
import { numberOf } from './numbers.ts';
import { assertDefined, bare, type Compound, isSequence, isUndefined, typeName, type Value } from './values.ts';

/** `left comparison right`. @throws {JinjaError} for what has no order */
export function compare(comparison: Comparison, first: Value, second: Value): boolean {
  const [left, right] = [bare(first), bare(second)];
  switch (comparison) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    default:
      return isOrdered(comparison, left, right);
  }
}

/** Python's `==`. */
export function equals(first: Value, second: Value): boolean {
  const [left, right] = [bare(first), bare(second)];
  if (left === right) return true;
  if (typeof left === 'string' || typeof right === 'string' || left === null || right === null) return false;
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return isOrdered('<=', a, b) && isOrdered('>=', a, b);
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  return equalCompounds(left, right);
}

const scalar = (value: number | bigint | { readonly value: number }): number | bigint =>
  typeof value === 'object' ? value.value : value;

function equalCompounds(left: Compound, right: Compound): boolean {
  spend(1);
  if (isSequence(left) && isSequence(right)) {
    if (left.kind !== right.kind || left.items.length !== right.items.length) return false;
    return left.items.every((item, i) => equals(item, right.items[i] as Value));
  }
  if (left.kind === 'dict' && right.kind === 'dict') {
    if (left.entries.size !== right.entries.size) return false;
    for (const [key, [, value]] of left.entries) {
      const other = right.entries.get(key);
      if (!other || !equals(value, other[1])) return false;
    }
    return true;
  }
  if (left.kind === 'undefined') return right.kind === 'undefined';
  if (left.kind === 'range' && right.kind === 'range') {
    const [a, b] = [toArray(left), toArray(right)];
    return a.length === b.length && a.every((item, i) => item === b[i]);
  }
  if (left.kind === 'view' && right.kind === 'view') {
    if (left.which === 'values' || right.which === 'values' || left.of.entries.size !== right.of.entries.size)
      return false;
    return viewed(left).every((item) => contains(right, item));
  }
  return false;
}

/** Whether an order holds: `<`, `<=`, `>`, `>=`. */
function isOrdered(comparison: '<' | '<=' | '>' | '>=', left: Value, right: Value): boolean {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) {
    const [x, y] = [scalar(a), scalar(b)];
    if (comparison === '<') return x < y;
    if (comparison === '<=') return x <= y;
    return comparison === '>' ? x > y : x >= y;
  }
  const order = orderOf(left, right, comparison);
  if (comparison === '<') return order < 0;
  if (comparison === '<=') return order <= 0;
  return comparison === '>' ? order > 0 : order >= 0;
}

/** Below 0, 0 or above: how texts, lists and tuples are ordered. */
function orderOf(left: Value, right: Value, comparison: '<' | '<=' | '>' | '>='): number {
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (isSequence(left) && isSequence(right) && left.kind === right.kind) {
    const both = Math.min(left.items.length, right.items.length);
    for (let i = 0; i < both; i++) {
      const [a, b] = [left.items[i] as Value, right.items[i] as Value];
      if (equals(a, b)) continue;
      // They differ, so that < and <= say the same.
      return compare(comparison, a, b) === (comparison === '<' || comparison === '<=') ? -1 : 1;
    }
    return left.items.length - right.items.length;
  }
  assertDefined(left, right);
  throw typeError(`'${comparison}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

export const isLess = (left: Value, right: Value): boolean => compare('<', left, right);

/** Python's `in`. @throws {JinjaError} for what holds nothing */
function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item);
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (typeof container !== 'object' || container === null) throw notIterable(container);
  switch (container.kind) {
    case 'dict':
      return getEntry(container, item) !== undefined;
    case 'view':
      if (container.which === 'keys') return container.of.entries.has(keyOf(item));
      return viewed(container).some((other) => equals(item, other));
    case 'list':
    case 'tuple':
      spend(container.items.length / 8);
      return container.items.some((other) => equals(item, other));
    case 'namespace':
    case 'float':
      throw notIterable(container);
    default:
      return isUndefined(container) ? false : occurs(iterate(container), item);
  }
}

function occurs(iterator: Iterator<Value>, item: Value): boolean {
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    spend(1);
    if (equals(item, next.value)) return true;
  }
  return false;
}

const notIterable = (value: Value) => typeError(`argument of type '${typeName(value)}' is not a container or iterable`);

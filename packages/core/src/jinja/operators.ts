import { spendList, spendText } from './budget.ts';
import { dict } from './dict.ts';
import { typeError } from './errors.ts';
import { escapeHtml } from './markup.ts';
import type { BinaryOperator } from './nodes.ts';
import { calculate, negated, numberOf } from './numbers.ts';
import { formatPercent } from './percent-format.ts';
import {
  assertDefined,
  bare,
  indexOf,
  isInteger,
  isKind,
  isSequence,
  list,
  markup,
  tuple,
  typeName,
  type Value,
} from './values.ts';

/** `left operator right`. @throws {JinjaError} as Python does for what does not go together */
export function operate(operator: BinaryOperator, left: Value, right: Value): Value {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return calculate(operator, a, b);
  if (isKind(left, 'markup') || isKind(right, 'markup')) return operateOnMarkup(operator, left, right);
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right);
  assertDefined(left, right);
  if (operator === '+') return add(left, right);
  if (operator === '*') {
    if (isRepeatable(left) && isCount(right)) return repeated(left, indexOf(right));
    if (isRepeatable(right) && isCount(left)) return repeated(right, indexOf(left));
    if (isRepeatable(left) || isRepeatable(right)) {
      throw typeError(`can't multiply sequence by non-int of type '${typeName(isRepeatable(left) ? right : left)}'`);
    }
  }
  if (operator === '-' && isKind(left, 'view') && isKind(right, 'view')) throw typeError('sets are not supported');
  throw unsupported(operator === '**' ? '** or pow()' : operator, left, right);
}

/** What is added to HTML, or put into it, is escaped. */
function operateOnMarkup(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '+' && isText(left) && isText(right)) return markup(escapeHtml(left).text + escapeHtml(right).text);
  if (operator === '%' && isKind(left, 'markup')) return markup(formatPercent(left.text, escapedWithin(right)));
  const result = operate(operator, bare(left), bare(right));
  return typeof result === 'string' && operator === '*' ? markup(result) : result;
}

const isText = (value: Value): boolean => typeof bare(value) === 'string';

function escapedWithin(value: Value): Value {
  if (isKind(value, 'tuple')) return tuple(value.items.map(escapedWithin));
  if (isKind(value, 'dict')) return dict(Array.from(value.entries.values(), ([key, one]) => [key, escapedWithin(one)]));
  return typeof value === 'string' ? escapeHtml(value).text : value;
}

const unsupported = (operator: string, left: Value, right: Value) =>
  typeError(`unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`);

function add(left: Value, right: Value): Value {
  if (typeof left === 'string') {
    if (typeof right !== 'string') throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
    spendText(left.length + right.length);
    return left + right;
  }
  if (isSequence(left)) {
    const { kind } = left;
    if (!isKind(right, kind)) throw typeError(`can only concatenate ${kind} (not "${typeName(right)}") to ${kind}`);
    spendList(left.items.length + right.items.length);
    return { kind, items: [...left.items, ...right.items] };
  }
  throw unsupported('+', left, right);
}

const isRepeatable = (value: Value): boolean => typeof value === 'string' || isSequence(value);
const isCount = (value: Value): boolean => isInteger(value) || typeof value === 'boolean';

function repeated(value: Value, times: number): Value {
  const count = Math.max(0, times);
  if (typeof value === 'string') {
    spendText(value.length * count);
    return value.repeat(value === '' ? 0 : count);
  }
  const { kind, items } = isSequence(value) ? value : list([]);
  spendList(items.length * count);
  return { kind, items: Array.from({ length: items.length * count }, (_, i) => items[i % items.length] as Value) };
}

/** `-value` and `+value`. */
export function signed(sign: '+' | '-', value: Value): Value {
  const number = numberOf(value);
  if (number !== undefined) return sign === '-' ? negated(number) : number;
  assertDefined(value);
  throw typeError(`bad operand type for unary ${sign}: '${typeName(value)}'`);
}

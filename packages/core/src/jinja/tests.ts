import { signature } from './arguments.ts';
import { compare, equals } from './compare.ts';
import { isLower, isUpper } from './letters.ts';
import type { Comparison } from './nodes.ts';
import { operate } from './operators.ts';
import { str } from './repr.ts';
import { type Arguments, bare, isInteger, isKind, isSequence, isUndefined, type Value } from './values.ts';

type Test = (args: Arguments) => boolean;

const testOf = (name: string, parameters: string, ask: (...given: Value[]) => boolean): Test => {
  const bind = signature(name, parameters);
  return (args) => ask(...(bind(args) as Value[]).map(bare));
};

const comparing = (name: string, comparison: Comparison): Test =>
  testOf(name, 'a b', (left, right) => compare(comparison, left, right));

const isFloat = (value: Value): boolean => isKind(value, 'float');
const isNumber = (value: Value): boolean => isInteger(value) || typeof value === 'boolean' || isFloat(value);

export const tests: Readonly<Record<string, Test>> = {
  defined: testOf('defined', 'value', (value) => !isUndefined(value)),
  undefined: testOf('undefined', 'value', isUndefined),
  none: testOf('none', 'value', (value) => value === null),
  boolean: testOf('boolean', 'value', (value) => typeof value === 'boolean'),
  true: testOf('true', 'value', (value) => value === true),
  false: testOf('false', 'value', (value) => value === false),
  integer: testOf('integer', 'value', isInteger),
  float: testOf('float', 'value', isFloat),
  number: testOf('number', 'value', isNumber),
  string: testOf('string', 'value', (value) => typeof value === 'string'),
  mapping: testOf('mapping', 'value', (value) => isKind(value, 'dict')),
  sequence: testOf('sequence', 'value', isSubscriptable),
  iterable: testOf('iterable', 'value', isIterable),
  callable: testOf(
    'callable',
    'obj',
    (value) => isUndefined(value) || (isKind(value, 'thing') && value.call !== undefined),
  ),
  escaped: ({ positional: [value = null] }) => isKind(value, 'markup'),
  lower: testOf('lower', 'value', (value) => isLower(str(value))),
  upper: testOf('upper', 'value', (value) => isUpper(str(value))),
  odd: testOf('odd', 'value', (value) => equals(operate('%', value, 2), 1)),
  even: testOf('even', 'value', (value) => equals(operate('%', value, 2), 0)),
  divisibleby: testOf('divisibleby', 'value num', (value, by) => equals(operate('%', value, by), 0)),
  sameas: testOf('sameas', 'value other', isSame),
  in: testOf('in', 'value seq', (value, container) => compare('in', value, container)),
  ...Object.fromEntries(
    (
      [
        ['==', '== eq equalto'],
        ['!=', '!= ne'],
        ['>', '> gt greaterthan'],
        ['>=', '>= ge'],
        ['<', '< lt lessthan'],
        ['<=', '<= le'],
      ] as const
    ).flatMap(([comparison, names]) => names.split(' ').map((name) => [name, comparing(name, comparison)])),
  ),
};

/** What has a length and items. */
function isSubscriptable(value: Value): boolean {
  if (isUndefined(value)) return true;
  return typeof value === 'string' || isSequence(value) || isKind(value, 'dict') || isKind(value, 'range');
}

function isIterable(value: Value): boolean {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (value.kind === 'thing') return value.iterate !== undefined;
  return value.kind !== 'float' && value.kind !== 'namespace';
}

/** Small whole numbers and short texts are one and the same object in Python; of others only what is. */
function isSame(value: Value, other: Value): boolean {
  if (typeof value === 'object' || typeof other === 'object') return value === other;
  if (typeof value !== typeof other && typeof value === 'boolean') return false;
  return value === other;
}

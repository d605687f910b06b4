import { positionalOnly } from './arguments.ts';
import { equals } from './compare.ts';
import { ratioOf } from './decimal.ts';
import { dict, getEntry, setEntry } from './dict.ts';
import { valueError } from './errors.ts';
import { toArray } from './iterate.ts';
import { repr } from './repr.ts';
import { textMethod } from './text-methods.ts';
import {
  type Arguments,
  callable,
  type Dict,
  float,
  indexOf,
  integer,
  isInteger,
  isKind,
  isSequence,
  list,
  orElse,
  tuple,
  type Value,
} from './values.ts';

/** What would change a value, which the sandbox does not let templates do. */
const CHANGES_LIST = 'append clear pop reverse insert sort extend remove'.split(' ');
const CHANGES_DICT = 'clear pop popitem setdefault update'.split(' ');

export function refusedMethods(value: Value): readonly string[] {
  if (isKind(value, 'list')) return CHANGES_LIST;
  return isKind(value, 'dict') ? CHANGES_DICT : [];
}

/** A method of a value, bound to it; undefined where its type has none of that name. */
export function methodOf(value: Value, name: string): Value | undefined {
  if (typeof value === 'string') return textMethod(value, name);
  const call = callOf(value, name);
  return call && (typeof call === 'function' ? callable(name, call, 'builtin_function_or_method') : call.constant);
}

type Call = (args: Arguments) => Value;

function callOf(value: Value, name: string): Call | { readonly constant: Value } | undefined {
  if (isKind(value, 'dict')) return dictMethod(value, name);
  if (isSequence(value) || isKind(value, 'range')) return sequenceMethod(value, name);
  if (isKind(value, 'float')) return floatMethod(value.value, name);
  if (isInteger(value) || typeof value === 'boolean') return integerMethod(value, name);
  return undefined;
}

function dictMethod(value: Dict, name: string): Call | undefined {
  switch (name) {
    case 'get':
      return (args) => {
        const [key, fallback = null] = positionalOnly('get', args, 1, 2);
        return orElse(getEntry(value, key as Value), () => fallback);
      };
    case 'items':
    case 'keys':
    case 'values':
      return (args) => {
        positionalOnly(name, args, 0, 0);
        return { kind: 'view', which: name, of: value };
      };
    case 'copy':
      return () => ({ kind: 'dict', entries: new Map(value.entries) });
    case 'fromkeys':
      return (args) => {
        const [keys, filled = null] = positionalOnly('fromkeys', args, 1, 2);
        const made = dict();
        for (const key of toArray(keys as Value)) setEntry(made, key, filled);
        return made;
      };
    default:
      return undefined;
  }
}

function sequenceMethod(value: Value, name: string): Call | undefined {
  switch (name) {
    case 'copy':
      return isKind(value, 'list') ? () => list([...value.items]) : undefined;
    case 'count':
      return (args) => {
        const [wanted] = positionalOnly('count', args, 1, 1);
        return toArray(value).filter((item) => equals(item, wanted as Value)).length;
      };
    case 'index':
      return (args) => {
        const [wanted, from = 0, to = Number.MAX_SAFE_INTEGER] = positionalOnly('index', args, 1, 3);
        const items = toArray(value);
        const place = (bound: Value) =>
          indexOf(bound) < 0 ? Math.max(0, indexOf(bound) + items.length) : indexOf(bound);
        for (let i = place(from); i < Math.min(place(to), items.length); i++) {
          if (equals(items[i] as Value, wanted as Value)) return i;
        }
        throw valueError(`${repr(wanted as Value)} is not in list`);
      };
    default:
      return undefined;
  }
}

function floatMethod(value: number, name: string): Call | { readonly constant: Value } | undefined {
  switch (name) {
    case 'is_integer':
      return () => Number.isInteger(value);
    case 'conjugate':
      return () => float(value);
    case 'as_integer_ratio':
      return () => {
        const { numerator, denominator } = ratioOf(value);
        return tuple([integer(numerator), integer(denominator)]);
      };
    case 'real':
      return { constant: float(value) };
    case 'imag':
      return { constant: float(0) };
    default:
      return undefined;
  }
}

function integerMethod(
  value: number | bigint | boolean,
  name: string,
): Call | { readonly constant: Value } | undefined {
  const number = typeof value === 'boolean' ? Number(value) : value;
  switch (name) {
    case 'bit_length':
      return () => (BigInt(number) < 0n ? -BigInt(number) : BigInt(number)).toString(2).replace(/^0$/, '').length;
    case 'as_integer_ratio':
      return () => tuple([number, 1]);
    case 'bit_count':
      return () => BigInt(number).toString(2).replaceAll(/[^1]/g, '').length;
    case 'is_integer':
      return () => true;
    case 'conjugate':
      return () => number;
    case 'real':
    case 'numerator':
      return { constant: number };
    case 'imag':
      return { constant: 0 };
    case 'denominator':
      return { constant: 1 };
    default:
      return undefined;
  }
}

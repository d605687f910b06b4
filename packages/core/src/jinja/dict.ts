import { typeError } from './errors.ts';
import { type Dict, type Key, typeName, type Value } from './values.ts';

const UNDEFINED_KEY = Symbol('undefined');
/** A noncharacter: no text begins with it. */
const TUPLE = '\uFDD3';

/** Equal for values that are equal in Python. @throws {JinjaError} for what no dict can have as a key */
export function keyOf(value: Value): Key {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  switch (value.kind) {
    case 'markup':
      return value.text;
    case 'float':
      return keyOfFloat(value.value);
    case 'tuple':
      return TUPLE + JSON.stringify(value.items.map((item) => partOfKey(keyOf(item))));
    case 'undefined':
      return UNDEFINED_KEY;
    case 'list':
    case 'dict':
    case 'view':
      throw typeError(`unhashable type: '${typeName(value)}'`);
    default:
      return value;
  }
}

const keyOfFloat = (value: number): Key =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;

function partOfKey(key: Key): unknown {
  if (typeof key === 'bigint') return ['int', String(key)];
  return typeof key === 'symbol' ? ['undefined'] : key;
}

export function dict(entries: Iterable<readonly [Value, Value]> = []): Dict {
  const made: Dict = { kind: 'dict', entries: new Map() };
  for (const [key, value] of entries) setEntry(made, key, value);
  return made;
}

/** As Python sets it: a key that is there already stays as it is. */
export function setEntry({ entries }: Dict, key: Value, value: Value): void {
  const found = keyOf(key);
  entries.set(found, [entries.get(found)?.[0] ?? key, value]);
}

export const getEntry = ({ entries }: Dict, key: Value): Value | undefined => entries.get(keyOf(key))?.[1];

/** For names and other texts. */
export const getText = ({ entries }: Dict, key: string): Value | undefined => entries.get(key)?.[1];

export const keysOf = ({ entries }: Dict): Value[] => Array.from(entries.values(), ([key]) => key);
export const valuesOf = ({ entries }: Dict): Value[] => Array.from(entries.values(), ([, value]) => value);

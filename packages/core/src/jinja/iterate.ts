import { spend } from './budget.ts';
import { charactersOf, lengthOfText } from './code-points.ts';
import { keysOf, valuesOf } from './dict.ts';
import { typeError } from './errors.ts';
import { type Range, tuple, typeName, type Value, type View } from './values.ts';

/** Goes over a value as Python does: a text's characters, a dict's keys, nothing of what is undefined. @throws {JinjaError} */
export function iterate(value: Value): Iterator<Value> {
  const elements = elementsOf(value);
  if (elements) return elements[Symbol.iterator]();
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'generator') return value.iterator;
    if (value.kind === 'thing' && value.iterate) return value.iterate();
  }
  throw typeError(`'${typeName(value)}' object is not iterable`);
}

/** All elements of a value. @throws {JinjaError} */
export function toArray(value: Value): readonly Value[] {
  const elements = elementsOf(value);
  if (elements) return elements;
  const iterator = iterate(value);
  const items: Value[] = [];
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    spend(1);
    items.push(next.value);
  }
  return items;
}

/** The elements of what holds all of its own; undefined for others. */
function elementsOf(value: Value): readonly Value[] | undefined {
  if (typeof value === 'string') return charactersOf(value);
  if (typeof value !== 'object' || value === null) return undefined;
  switch (value.kind) {
    case 'markup':
      return charactersOf(value.text);
    case 'list':
    case 'tuple':
      return value.items;
    case 'dict':
      return keysOf(value);
    case 'view':
      return viewed(value);
    case 'range':
      return rangeItems(value);
    case 'undefined':
      return [];
    default:
      return undefined;
  }
}

export function viewed({ which, of }: View): Value[] {
  if (which === 'keys') return keysOf(of);
  return which === 'values' ? valuesOf(of) : Array.from(of.entries.values(), (entry) => tuple(entry));
}

const rangeItems = ({ start, step, length }: Range): number[] => {
  spend(length / 8);
  return Array.from({ length }, (_, i) => start + i * step);
};

/** Python's `len`; undefined for what has none. */
export function lengthOf(value: Value): number | undefined {
  if (typeof value === 'string') return lengthOfText(value);
  if (typeof value !== 'object' || value === null) return undefined;
  switch (value.kind) {
    case 'markup':
      return lengthOfText(value.text);
    case 'list':
    case 'tuple':
      return value.items.length;
    case 'dict':
      return value.entries.size;
    case 'view':
      return value.of.entries.size;
    case 'range':
      return value.length;
    case 'undefined':
      return 0;
    case 'thing':
      return value.length?.();
    default:
      return undefined;
  }
}

/** What a function of JavaScript gives one after the other, as an iterator of values. */
export function* mapped(value: Value, change: (item: Value) => Value): Generator<Value, void> {
  const iterator = iterate(value);
  for (let next = iterator.next(); !next.done; next = iterator.next()) yield change(next.value);
}

import { equals } from './compare.ts';
import { typeError } from './errors.ts';
import { iterate, lengthOf } from './iterate.ts';
import { callable, isKind, orElse, type Thing, tuple, undefinedValue, type Value } from './values.ts';

/** What a loop goes over, one element at a time, with what templates may ask of it (`loop.index`, `loop.last`). */
export interface Loop {
  readonly thing: Thing;
  /** Goes on to the next element; undefined after the last. */
  advance(): Value | undefined;
}

/**
 * @param recurse writes the loop for other elements, one level deeper; undefined where it is not recursive
 * @param depth of the loop within its own recursion, from 0
 */
export function createLoop(
  over: Value,
  recurse: ((elements: Value, depth: number) => Value) | undefined,
  depth: number,
): Loop {
  let iterator = iterate(over);
  let index = -1;
  let before: Value | undefined;
  let current: Value | undefined;
  let after: Value | undefined;
  let length: number | undefined;
  const peek = (): Value | undefined => {
    if (after !== undefined) return after;
    const next = iterator.next();
    after = next.done ? undefined : next.value;
    return after;
  };
  const measure = (): number => {
    if (length !== undefined) return length;
    length = isKind(over, 'generator') ? undefined : lengthOf(over);
    if (length !== undefined) return length;
    const rest: Value[] = [];
    for (let next = iterator.next(); !next.done; next = iterator.next()) rest.push(next.value);
    iterator = rest.values();
    length = rest.length + index + 1 + (after === undefined ? 0 : 1);
    return length;
  };
  const attributes = attributesOf({
    index: () => index,
    depth,
    measure,
    previous: () => (index > 0 ? before : undefined),
    peek,
  });
  const thing: Thing = {
    kind: 'thing',
    type: 'LoopContext',
    repr: () => `<LoopContext ${index + 1}/${measure()}>`,
    attribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name]?.() : undefined),
    length: measure,
    call: ({ positional: [elements] }) => {
      if (!recurse) throw typeError("The loop must have the 'recursive' marker to be called recursively.");
      if (elements === undefined) throw typeError("loop() missing 1 required argument: 'iterable'");
      return recurse(elements, depth + 1);
    },
  };
  return {
    thing,
    advance() {
      const next = peek();
      if (next === undefined) return undefined;
      after = undefined;
      index++;
      before = current;
      current = next;
      return next;
    },
  };
}

interface Place {
  /** From 0. */
  readonly index: () => number;
  readonly depth: number;
  readonly measure: () => number;
  readonly previous: () => Value | undefined;
  readonly peek: () => Value | undefined;
}

function attributesOf({ index, depth, measure, previous, peek }: Place): Readonly<Record<string, () => Value>> {
  let changedValue: Value | undefined;
  return {
    index: () => index() + 1,
    index0: index,
    revindex: () => measure() - index(),
    revindex0: () => measure() - index() - 1,
    length: measure,
    first: () => index() === 0,
    last: () => peek() === undefined,
    depth: () => depth + 1,
    depth0: () => depth,
    previtem: () => orElse(previous(), () => undefinedValue(() => 'there is no previous item')),
    nextitem: () => orElse(peek(), () => undefinedValue(() => 'there is no next item')),
    cycle: () =>
      callable('cycle', ({ positional }) => {
        const item = positional[index() % positional.length];
        if (item === undefined) throw typeError('no items for cycling given');
        return item;
      }),
    changed: () =>
      callable('changed', ({ positional }) => {
        const value = tuple(positional);
        if (changedValue !== undefined && equals(changedValue, value)) return false;
        changedValue = value;
        return true;
      }),
  };
}

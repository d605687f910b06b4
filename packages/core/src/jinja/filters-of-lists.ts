import { signature } from './arguments.ts';
import { spendList } from './budget.ts';
import { charactersOf } from './code-points.ts';
import { equals, isLess } from './compare.ts';
import { keyOf } from './dict.ts';
import { typeError, valueError } from './errors.ts';
import { iterate, lengthOf, toArray } from './iterate.ts';
import { operate } from './operators.ts';
import { str } from './repr.ts';
import { attributeGetter, attributeGetters, ignoringCase } from './selection.ts';
import { sorted } from './sort.ts';
import {
  type Arguments,
  bare,
  generator,
  indexOf,
  isKind,
  isSequence,
  isTrue,
  isUndefined,
  list,
  orElse,
  type Tuple,
  tuple,
  typeName,
  undefinedValue,
  type Value,
} from './values.ts';

type Filter = (args: Arguments) => Value;
type Given = readonly (Value | undefined)[];

/** A filter of named parameters, of which the first is what it is applied to. */
export const filterOf = (name: string, parameters: string, apply: (...given: Value[]) => Value): Filter => {
  const bind = signature(name, parameters);
  return (args) => (apply as (...given: Given) => Value)(...bind(args).map((value) => value && bare(value)));
};

export const listFilters: Readonly<Record<string, Filter>> = {
  length: filterOf('len', 'obj', measured),
  count: filterOf('len', 'obj', measured),
  list: filterOf('list', 'value', (value) => {
    const items = [...toArray(value)];
    spendList(items.length);
    return list(items);
  }),
  first: filterOf('first', 'seq', (value) => {
    const { done, value: first } = iterate(value).next();
    return done ? undefinedValue(() => 'No first item, sequence was empty.') : first;
  }),
  last: filterOf('last', 'seq', (value) => {
    return orElse(reversible(value).at(-1), () => undefinedValue(() => 'No last item, sequence was empty.'));
  }),
  reverse: filterOf('reverse', 'value', (value) => {
    if (typeof value === 'string') return charactersOf(value).reverse().join('');
    const isList = isSequence(value) || isKind(value, 'dict');
    const items = [...toArray(value)].reverse();
    if (!isList && !isKind(value, 'range')) return list(items);
    return generator(items.values(), isKind(value, 'list') ? 'list_reverseiterator' : 'reversed');
  }),
  join: filterOf('join', 'value d? attribute?', (value, separator = '', attribute = null) => {
    const get = attributeGetter(attribute);
    const joined = toArray(value)
      .map((item) => str(get(item)))
      .join(str(separator));
    spendList(joined.length);
    return joined;
  }),
  sort: filterOf(
    'sort',
    'value reverse? case_sensitive? attribute?',
    (value, reverse = false, cased = false, attribute = null) => {
      const get = attributeGetters(attribute, isTrue(cased) ? (item) => item : ignoringCase);
      return list(sorted(toArray(value), (item) => list(get(item)), isTrue(reverse)));
    },
  ),
  dictsort: filterOf(
    'dictsort',
    'value case_sensitive? by? reverse?',
    (value, cased = false, by = 'key', reverse = false) => {
      if (by !== 'key' && by !== 'value') throw valueError('You can only sort by either "key" or "value"');
      const pairs = itemsOf(value);
      const key = (pair: Tuple) => {
        const chosen = pair.items[by === 'key' ? 0 : 1] as Value;
        return isTrue(cased) ? chosen : ignoringCase(chosen);
      };
      return list(sorted(pairs, key, isTrue(reverse)));
    },
  ),
  items: filterOf('items', 'value', (value) => generator((isUndefined(value) ? [] : itemsOf(value)).values())),
  unique: filterOf('unique', 'value case_sensitive? attribute?', (value, cased = false, attribute = null) => {
    return generator(
      unique(value, attributeGetter(attribute, { change: isTrue(cased) ? (item) => item : ignoringCase })),
    );
  }),
  min: filterOf('min', 'value case_sensitive? attribute?', (...given) => extreme(given, (a, b) => isLess(b, a))),
  max: filterOf('max', 'value case_sensitive? attribute?', (...given) => extreme(given, isLess)),
  sum: filterOf('sum', 'iterable attribute? start?', (value, attribute = null, start = 0) => {
    if (typeof start === 'string') throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
    const get = attributeGetter(attribute);
    return toArray(value).reduce((sum, item) => operate('+', sum, get(item)), start);
  }),
  batch: filterOf('batch', 'value linecount fill_with?', (value, count, fill = null) => {
    return generator(batches(toArray(value), indexOf(count), fill));
  }),
  slice: filterOf('slice', 'value slices fill_with?', (value, count, fill = null) => {
    return generator(slices(toArray(value), indexOf(count), fill));
  }),
  groupby: filterOf(
    'groupby',
    'value attribute default? case_sensitive?',
    (value, attribute, otherwise = null, cased = false) => {
      const get = attributeGetter(attribute, { otherwise });
      const key = isTrue(cased) ? get : (item: Value) => ignoringCase(get(item));
      const groups: { key: Value; items: Value[] }[] = [];
      for (const item of sorted(toArray(value), key)) {
        const last = groups.at(-1);
        if (last && equals(last.key, key(item))) last.items.push(item);
        else groups.push({ key: key(item), items: [item] });
      }
      return list(
        groups.map(({ items }) => ({ ...tuple([get(items[0] as Value), list(items)]), names: ['grouper', 'list'] })),
      );
    },
  ),
  random: filterOf('random', 'seq', () => {
    throw valueError('a chat template that draws lots has no one text: random is not supported');
  }),
};

function measured(value: Value): Value {
  const length = lengthOf(value);
  if (length === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return length;
}

function reversible(value: Value): readonly Value[] {
  if (typeof value === 'string' || isSequence(value) || isUndefined(value)) return toArray(value);
  if (isKind(value, 'dict') || isKind(value, 'range') || isKind(value, 'view')) return toArray(value);
  throw typeError(`'${typeName(value)}' object is not reversible`);
}

function itemsOf(value: Value): Tuple[] {
  if (isUndefined(value)) throw value.error();
  if (!isKind(value, 'dict')) throw typeError('Can only get item pairs from a mapping.');
  return Array.from(value.entries.values(), (entry) => tuple(entry));
}

function* unique(value: Value, get: (item: Value) => Value): Generator<Value, void> {
  const seen = new Set<unknown>();
  for (const item of toArray(value)) {
    const key = keyOf(get(item));
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function extreme(
  [value, cased = false, attribute = null]: Given,
  isBetter: (best: Value, other: Value) => boolean,
): Value {
  const get = attributeGetter(attribute, { change: isTrue(cased) ? (item) => item : ignoringCase });
  const [first, ...others] = toArray(value as Value);
  if (first === undefined) return undefinedValue(() => 'No aggregated item, sequence was empty.');
  let best = first;
  for (const other of others) if (isBetter(get(best), get(other))) best = other;
  return best;
}

function* batches(items: readonly Value[], count: number, fill: Value): Generator<Value, void> {
  for (let i = 0; i < items.length; i += Math.max(1, count)) {
    const batch = items.slice(i, i + Math.max(1, count));
    const missing = fill === null ? 0 : Math.max(0, count - batch.length);
    spendList(missing);
    yield list([...batch, ...Array.from({ length: missing }, () => fill)]);
  }
}

function* slices(items: readonly Value[], count: number, fill: Value): Generator<Value, void> {
  if (count === 0) operate('//', items.length, 0);
  const each = Math.floor(items.length / count);
  const withOneMore = items.length % count;
  let from = 0;
  for (let i = 0; i < count; i++) {
    spendList(1);
    const to = from + each + (i < withOneMore ? 1 : 0);
    const slice = items.slice(from, to);
    yield list(fill !== null && i >= withOneMore ? [...slice, fill] : slice);
    from = to;
  }
}

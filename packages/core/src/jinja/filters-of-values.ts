import { signature } from './arguments.ts';
import { getAttribute, hasAttribute } from './attributes.ts';
import { JinjaError, valueError } from './errors.ts';
import { filterOf } from './filters-of-lists.ts';
import { mapped, toArray } from './iterate.ts';
import { toJson } from './json.ts';
import { reprText } from './repr.ts';
import { attributeGetter } from './selection.ts';
import {
  type Arguments,
  generator,
  isTrue,
  isUndefined,
  textOf,
  typeName,
  undefinedValue,
  type Value,
} from './values.ts';

type Filter = (args: Arguments) => Value;

/** Filters and tests by their names. */
export interface Library {
  /** @throws {JinjaError} where there is none of that name */
  filter(name: string, line?: number): Filter;
  test(name: string, line?: number): (args: Arguments) => boolean;
}

/** Filters that look into values, and those that apply others. */
export function valueFilters(library: Library): Readonly<Record<string, Filter>> {
  const bindDefault = signature('default', 'value default_value? boolean?');
  const fallback: Filter = (args) => {
    const [value = null, otherwise = '', boolean = false] = bindDefault(args);
    return isUndefined(value) || (isTrue(boolean) && !isTrue(value)) ? otherwise : value;
  };
  return {
    default: fallback,
    d: fallback,
    attr: filterOf('attr', 'obj name', (value, name) => {
      const key = textOf(name, 'the name of an attribute');
      if (isUndefined(value)) throw value.error();
      if (hasAttribute(value, key)) return getAttribute(value, key);
      return undefinedValue(() => `'${typeName(value)} object' has no attribute ${reprText(key)}`);
    }),
    tojson: (args) => toJson(args),
    map: ({ positional: [value, ...more], named }) => {
      if (!isTrue(value as Value)) return generator([].values());
      return generator(mapped(value as Value, changeOf({ positional: more, named }, library)));
    },
    select: (args) => selected(args, library, { byAttribute: false, keeps: true }),
    reject: (args) => selected(args, library, { byAttribute: false, keeps: false }),
    selectattr: (args) => selected(args, library, { byAttribute: true, keeps: true }),
    rejectattr: (args) => selected(args, library, { byAttribute: true, keeps: false }),
  };
}

/** What `map` does to every element: takes an attribute, or applies a filter. */
function changeOf({ positional, named }: Arguments, library: Library): (item: Value) => Value {
  const [name, ...rest] = positional;
  const attribute = named?.get('attribute');
  if (name === undefined && attribute !== undefined) {
    for (const key of named?.keys() ?? []) {
      if (key !== 'attribute' && key !== 'default') throw valueError(`Unexpected keyword argument ${reprText(key)}`);
    }
    return attributeGetter(attribute, { otherwise: named?.get('default') ?? null });
  }
  if (name === undefined) throw valueError('map requires a filter argument');
  const apply = library.filter(textOf(name, 'the name of a filter'));
  return (item) => apply({ positional: [item, ...rest], named });
}

function selected(
  { positional: [value, ...more], named }: Arguments,
  library: Library,
  { byAttribute, keeps }: { byAttribute: boolean; keeps: boolean },
): Value {
  if (!isTrue(value as Value)) return generator([].values());
  const get = byAttribute ? attributeGetter(attributeIn(more)) : (item: Value) => item;
  const [name, ...rest] = byAttribute ? more.slice(1) : more;
  const test = name === undefined ? undefined : library.test(textOf(name, 'the name of a test'));
  const holds = (item: Value) => (test ? test({ positional: [item, ...rest], named }) : isTrue(item));
  return generator(chosen(value as Value, (item) => holds(get(item)) === keeps));
}

function attributeIn(more: readonly Value[]): Value {
  const [attribute] = more;
  if (attribute === undefined) throw valueError('Missing parameter for attribute name');
  return attribute;
}

function* chosen(value: Value, keeps: (item: Value) => boolean): Generator<Value, void> {
  for (const item of toArray(value)) if (keeps(item)) yield item;
}

export const unknownFilter = (kind: 'filter' | 'test', name: string, line?: number): JinjaError =>
  new JinjaError('TemplateSyntaxError', `No ${kind} named ${reprText(name)}.`, line);

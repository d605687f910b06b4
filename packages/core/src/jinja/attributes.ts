import { positionalOnly } from './arguments.ts';
import { characterAt } from './code-points.ts';
import { getEntry, keyOf } from './dict.ts';
import { typeError } from './errors.ts';
import { escapedArguments, keptMarkup } from './markup.ts';
import { methodOf, refusedMethods } from './methods.ts';
import { repr, reprText } from './repr.ts';
import { formatBraces } from './str-format.ts';
import {
  bare,
  callable,
  isKind,
  isSequence,
  isUndefined,
  type Markup,
  markup,
  orElse,
  typeName,
  type Undefined,
  undefinedValue,
  type Value,
} from './values.ts';

/**
 * `value.name`: an attribute, else an item of that name. @param path how the template names the value, for errors
 * @throws {JinjaError} of an undefined value
 */
export function getAttribute(value: Value, name: string, path?: () => string): Value {
  if (isUndefined(value)) {
    if (isDunder(name)) return missing(value, name, path);
    throw value.error();
  }
  const attribute = attributeOf(value, name);
  return orElse(attribute === undefined ? itemOf(value, name) : attribute, () => missing(value, name, path));
}

/** `value[key]`: an item, else an attribute of that name. @throws {JinjaError} of an undefined value */
export function getItem(value: Value, given: Value, path?: () => string): Value {
  if (isUndefined(value)) throw value.error();
  const key = bare(given);
  const item = itemOf(value, key);
  if (item !== undefined) return item;
  return orElse(typeof key === 'string' ? attributeOf(value, key) : undefined, () => missing(value, key, path));
}

/** Whether Python has an attribute of that name, be it safe or not. */
export const hasAttribute = (value: Value, name: string): boolean => attributeOf(value, name) !== undefined;

function attributeOf(value: Value, name: string): Value | undefined {
  if (isKind(value, 'markup')) return markupAttribute(value, name);
  if (name.startsWith('_')) return isDunder(name) && COMMON_DUNDERS.has(name) ? unsafe(value, name) : undefined;
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'namespace') return value.attributes.get(name);
    if (value.kind === 'thing') return value.attribute?.(name);
    if (value.kind === 'range' && (name === 'start' || name === 'stop' || name === 'step')) return value[name];
    if (value.kind === 'tuple' && value.names?.includes(name)) return value.items[value.names.indexOf(name)];
  }
  if (typeof value === 'string' && (name === 'format' || name === 'format_map')) return formatMethod(value, name);
  if (refusedMethods(value).includes(name)) return unsafe(value, name);
  return methodOf(value, name);
}

const lookup = { getAttribute, getItem };

function formatMethod(text: string, name: 'format' | 'format_map'): Value {
  return callable(name, (args) => {
    if (name === 'format') return formatBraces(text, args, lookup);
    const [mapping] = positionalOnly(name, args, 1, 1);
    if (mapping === undefined || !isKind(mapping, 'dict')) throw typeError('format_map() takes a mapping');
    const named = new Map<string, Value>();
    for (const [key, value] of mapping.entries.values()) if (typeof key === 'string') named.set(key, value);
    return formatBraces(text, { positional: [], named }, lookup);
  });
}

function markupAttribute({ text }: Markup, name: string): Value | undefined {
  const method = attributeOf(text, name);
  if (method === undefined || !isKind(method, 'thing')) return method;
  const { call } = method;
  return {
    ...method,
    call: (args) => {
      const positional = escapedArguments(name, args.positional);
      return keptMarkup(
        name,
        orElse(call?.({ ...args, positional }), () => null),
      );
    },
  };
}

const isDunder = (name: string): boolean => name.startsWith('__') && name.endsWith('__');

/** Those that every object of Python has, which no template may read. */
const COMMON_DUNDERS = new Set(
  'class delattr dir doc eq format ge getattribute getstate gt hash init init_subclass le lt ne new reduce reduce_ex repr setattr sizeof str subclasshook'
    .split(' ')
    .map((name) => `__${name}__`),
);

function itemOf(value: Value, key: Value): Value | undefined {
  if (isKind(value, 'markup')) {
    const character = itemOf(value.text, key);
    return typeof character === 'string' ? markup(character) : undefined;
  }
  if (typeof value === 'string') return isPlace(key) ? characterAt(value, Number(key)) : undefined;
  if (isKind(value, 'dict')) return isHashable(key) ? getEntry(value, key) : undefined;
  if (!isPlace(key)) return undefined;
  if (isSequence(value)) return value.items.at(Number(key));
  if (!isKind(value, 'range')) return undefined;
  const place = Number(key) < 0 ? Number(key) + value.length : Number(key);
  return place >= 0 && place < value.length ? value.start + place * value.step : undefined;
}

const isPlace = (key: Value): key is number | boolean => typeof key === 'number' || typeof key === 'boolean';

function isHashable(key: Value): boolean {
  if (typeof key !== 'object' || key === null) return true;
  try {
    keyOf(key);
    return true;
  } catch {
    return false;
  }
}

function unsafe(value: Value, name: string): Undefined {
  const message = () => `access to attribute ${reprText(name)} of '${typeName(value)}' object is unsafe.`;
  return undefinedValue(message, 'SecurityError');
}

function missing(value: Value, key: Value, path: (() => string) | undefined): Undefined {
  return undefinedValue(() => {
    const where = path ? ` (${path()})` : '';
    const type = `${typeName(value)} object`;
    if (typeof key === 'string') return `'${type}' has no attribute ${reprText(key)}${where}`;
    return `${type} has no element ${repr(key)}${where}`;
  });
}

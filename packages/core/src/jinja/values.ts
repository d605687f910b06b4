import { JinjaError, typeError } from './errors.ts';

/**
 * Python's values. A whole number is a JavaScript number as long as it is exact, else a bigint; a float is always a
 * {@link Float}, because 20 and 20.0 are written differently.
 */
export type Value = null | boolean | Integer | string | Compound;
export type Integer = number | bigint;
export type Compound = Float | Markup | List | Tuple | Dict | Undefined | Thing | Namespace | Range | Generator | View;

export interface Float {
  readonly kind: 'float';
  readonly value: number;
}
/** A text that is HTML already (`safe`, `escape`): what is added to it is escaped. */
export interface Markup {
  readonly kind: 'markup';
  readonly text: string;
}
export interface List {
  readonly kind: 'list';
  readonly items: readonly Value[];
}
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
  /** Of a named tuple. */
  readonly names?: readonly string[];
}
/** What a dict finds its entries by: equal for keys that are equal in Python (1, 1.0, True). */
export type Key = unknown;
export interface Dict {
  readonly kind: 'dict';
  readonly entries: Map<Key, readonly [key: Value, value: Value]>;
}
/** Jinja's Undefined: written as nothing, and an error wherever something is done with it. */
export interface Undefined {
  readonly kind: 'undefined';
  readonly error: () => JinjaError;
}
/** A function, a macro, a loop: something with attributes that may be called. */
export interface Thing {
  readonly kind: 'thing';
  /** Its type in Python. */
  readonly type: string;
  readonly repr: () => string;
  readonly attribute?: (name: string) => Value | undefined;
  readonly call?: (args: Arguments) => Value;
  readonly iterate?: () => Iterator<Value>;
  readonly length?: () => number;
}
export interface Namespace {
  readonly kind: 'namespace';
  readonly attributes: Map<string, Value>;
}
export interface Range {
  readonly kind: 'range';
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
}
/** Gives its elements once. */
export interface Generator {
  readonly kind: 'generator';
  /** Its type in Python. */
  readonly type: string;
  readonly iterator: Iterator<Value>;
}
/** `keys()`, `values()` or `items()` of a dict. */
export interface View {
  readonly kind: 'view';
  readonly which: 'keys' | 'values' | 'items';
  readonly of: Dict;
}

export interface Arguments {
  readonly positional: readonly Value[];
  readonly named?: ReadonlyMap<string, Value> | undefined;
}

export const float = (value: number): Float => ({ kind: 'float', value });
export const list = (items: readonly Value[]): List => ({ kind: 'list', items });
export const tuple = (items: readonly Value[]): Tuple => ({ kind: 'tuple', items });
export const generator = (iterator: Iterator<Value>, type = 'generator'): Generator => ({
  kind: 'generator',
  type,
  iterator,
});

export const markup = (text: string): Markup => ({ kind: 'markup', text });

/** A text that is marked as HTML is a text like any other but where it is added to. */
export const bare = (value: Value): Value => (isKind(value, 'markup') ? value.text : value);

/** A whole number in its one form. */
export function integer(value: Integer): Integer {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
}

export const callable = (name: string, call: (args: Arguments) => Value, type = 'function'): Thing => ({
  kind: 'thing',
  type,
  call,
  repr: () => `<${type === 'function' ? 'function' : 'built-in method'} ${name}>`,
});

/** @param message what is said where it is used */
export const undefinedValue = (
  message: () => string,
  kind: 'UndefinedError' | 'SecurityError' = 'UndefinedError',
): Undefined => ({
  kind: 'undefined',
  error: () => new JinjaError(kind, message()),
});

/** `??` would take None for nothing. */
export const orElse = (value: Value | undefined, otherwise: () => Value): Value =>
  value === undefined ? otherwise() : value;

export const isUndefined = (value: Value): value is Undefined =>
  typeof value === 'object' && value !== null && value.kind === 'undefined';
export const isKind = <Kind extends Compound['kind']>(
  value: Value,
  kind: Kind,
): value is Extract<Compound, { readonly kind: Kind }> =>
  typeof value === 'object' && value !== null && value.kind === kind;
export const isInteger = (value: Value): value is Integer => typeof value === 'number' || typeof value === 'bigint';
export const isSequence = (value: Value): value is List | Tuple => isKind(value, 'list') || isKind(value, 'tuple');

/** The name of a value's type in Python. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'int';
    default:
      return compoundName(value);
  }
}

function compoundName(value: Compound): string {
  switch (value.kind) {
    case 'undefined':
      return 'Undefined';
    case 'markup':
      return 'Markup';
    case 'namespace':
      return 'Namespace';
    case 'view':
      return `dict_${value.which}`;
    case 'thing':
    case 'generator':
      return value.type;
    default:
      return value.kind;
  }
}

export function isTrue(value: Value): boolean {
  if (typeof value !== 'object') return Boolean(value);
  if (value === null) return false;
  switch (value.kind) {
    case 'float':
      return value.value !== 0;
    case 'markup':
      return value.text !== '';
    case 'list':
    case 'tuple':
      return value.items.length > 0;
    case 'dict':
      return value.entries.size > 0;
    case 'undefined':
      return false;
    case 'range':
      return value.length > 0;
    case 'view':
      return value.of.entries.size > 0;
    case 'thing':
      return value.length ? value.length() > 0 : true;
    default:
      return true;
  }
}

/** @throws {JinjaError} of an undefined value, which is an error wherever something is done with it */
export function assertDefined(...values: readonly Value[]): void {
  for (const value of values) if (isUndefined(value)) throw value.error();
}

/** A number that counts or names a place. @throws {JinjaError} for what is no whole number */
export function indexOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return value > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** @throws {JinjaError} for what is no text */
export function textOf(value: Value, what = 'argument'): string {
  if (typeof value === 'string') return value;
  if (isKind(value, 'markup')) return value.text;
  assertDefined(value);
  throw typeError(`${what} must be str, not ${typeName(value)}`);
}

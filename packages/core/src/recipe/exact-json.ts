/** A noncharacter of Unicode, so that no row has it: begins what says that a value is kept as it was written. */
const MARK = '\uFDD4';

/** The key of a number that is. */
const LITERAL = `${MARK}number`;

/**
 * A number that JavaScript's own would not write as it was written: 20.0, or a whole number beyond 2⁵³. Plain data, so that it
 * can be hashed, stored and sent to threads; chat templates write it as Python does.
 */
export interface NumberLiteral {
  readonly [LITERAL]: string;
}

export const numberLiteral = (source: string): NumberLiteral => ({ [LITERAL]: source });

/** What a number was written as; undefined for everything else. */
export function literalOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, LITERAL)) return undefined;
  const source = (value as NumberLiteral)[LITERAL];
  return typeof source === 'string' ? source : undefined;
}

/**
 * The name of a field that JavaScript would put before all others of its object, whatever their order: `10`. With the mark it
 * stays in its place; chat templates write it as it is.
 */
export const keptName = (name: string): string => (/^\d+$/.test(name) ? `${MARK}${name}` : name);

/** What the name was written as. */
export const writtenName = (name: string): string => (name.startsWith(MARK) ? name.slice(MARK.length) : name);

/** Names of digits, perhaps as escapes; in valid JSON such a quote opens a text, and the colon makes it a name. */
const NAMES = /(?<!\\)"((?:\d|\\u003\d)+)"(?=\s*:)/g;

/**
 * JSON that stays what it is: numbers that JavaScript would write otherwise become {@link NumberLiteral}s, and names that it
 * would put into another order are marked ({@link keptName}).
 * @throws {SyntaxError} as `JSON.parse`
 */
export function parseExactJson(text: string): unknown {
  const named = text.replace(NAMES, `"${MARK}$1"`);
  // What is no JSON is told by what was written.
  if (named !== text) JSON.parse(text);
  if (!MAY_DIFFER.test(text)) return JSON.parse(named);
  return JSON.parse(named, keepLiteral as (key: string, value: unknown) => unknown);
}

/** A fraction of zeros, an exponent, many digits, or a negative zero, perhaps within a text. */
const MAY_DIFFER = /\d\.0+(?!\d)|\d[eE][-+]?\d|\d{16}|-0/;

function keepLiteral(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !Number.isInteger(value)) return value;
  return /[.eE]/.test(source) || !Number.isSafeInteger(value) ? numberLiteral(source) : value;
}

/** Fields that chat templates write out, numbers, order and all. */
const CALL_FIELDS = ['tools', 'functions', 'tool_calls', 'function_call', 'arguments', 'parameters'];

/** What the columns of a file are called by the recipe, where `map` gives them other names: a column may be a path. */
export type FieldsOfColumns = ReadonlyMap<string, string>;

const AS_THEY_ARE: FieldsOfColumns = new Map();

/** Whether a field is one of those: by the name that it is read under. */
const isCalls = (path: readonly string[], fields: FieldsOfColumns): boolean =>
  CALL_FIELDS.includes(fields.get(path.join('.')) ?? path.at(-1) ?? '');

/** Whether a field lies within one of those. */
export const isWithinCalls = (path: readonly string[], fields = AS_THEY_ARE): boolean =>
  path.slice(0, -1).some((_, i) => isCalls(path.slice(0, i + 1), fields));

const CALLS = new RegExp(`"(?:${CALL_FIELDS.join('|')})"`);

/**
 * A row's JSON: tools and their calls stay what they are, all else is JavaScript's own.
 * @param path where in the row it stands, if it is not the whole row
 */
export function parseRowJson(text: string, fields = AS_THEY_ARE, path: readonly string[] = []): unknown {
  if (isWithinCalls(path, fields)) return parseExactJson(text);
  const isMapped = [...fields.values()].some((field) => CALL_FIELDS.includes(field));
  const mayHoldCalls = isMapped || isCalls(path, fields) || CALLS.test(text);
  return mayHoldCalls ? plainBesideCalls(parseExactJson(text), fields, path) : JSON.parse(text);
}

function plainBesideCalls(value: unknown, fields: FieldsOfColumns, path: readonly string[]): unknown {
  const literal = literalOf(value);
  // A number by itself is none of a call, whatever its field is called.
  if (literal !== undefined) return Number(literal);
  if (typeof value !== 'object' || value === null || isCalls(path, fields)) return value;
  if (Array.isArray(value)) return value.map((inner, i) => plainBesideCalls(inner, fields, [...path, String(i)]));
  const entries = Object.entries(value).map(([name, inner]) => [writtenName(name), inner] as const);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plainBesideCalls(inner, fields, [...path, name])]));
}

/** The key of a number that is kept as it was written; a noncharacter of Unicode begins it, so that no row has it. */
const LITERAL = '\uFDD4number';

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

/** JSON whose numbers stay what they are: those that JavaScript would write otherwise become {@link NumberLiteral}s. */
export function parseExactJson(text: string): unknown {
  if (!MAY_DIFFER.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepLiteral as (key: string, value: unknown) => unknown);
}

/** A fraction of zeros, an exponent, many digits, or a negative zero, perhaps within a text. */
const MAY_DIFFER = /\d\.0+(?!\d)|\d[eE][-+]?\d|\d{16}|-0/;

function keepLiteral(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !Number.isInteger(value)) return value;
  return /[.eE]/.test(source) || !Number.isSafeInteger(value) ? numberLiteral(source) : value;
}

/** Fields that chat templates write out, numbers and all. */
const CALL_FIELDS = ['tools', 'functions', 'tool_calls', 'function_call', 'arguments', 'parameters'];

/** Whether a field lies within one of those. */
export const isWithinCalls = (path: readonly string[]): boolean =>
  path.slice(0, -1).some((name) => CALL_FIELDS.includes(name));

/** A number by itself is none of a call, whatever its field is called. */
const holdsCalls = (name: string, value: unknown): boolean =>
  CALL_FIELDS.includes(name) && literalOf(value) === undefined;

const CALLS = new RegExp(`"(?:${CALL_FIELDS.join('|')})"`);

/** A row's JSON: numbers of tools and their calls stay what they are, all others are JavaScript's own. */
export function parseRowJson(text: string): unknown {
  return CALLS.test(text) ? plainBesideCalls(parseExactJson(text)) : JSON.parse(text);
}

function plainBesideCalls(value: unknown): unknown {
  const literal = literalOf(value);
  if (literal !== undefined) return Number(literal);
  if (Array.isArray(value)) return value.map(plainBesideCalls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, holdsCalls(name, inner) ? inner : plainBesideCalls(inner)]),
  );
}

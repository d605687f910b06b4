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

/** JSON again, its numbers as they were written. */
export function writeExactJson(value: unknown): string {
  const literals: string[] = [];
  const text = JSON.stringify(value, (_, inner: unknown) => {
    const source = literalOf(inner);
    return source === undefined ? inner : `\uFDD4${literals.push(source) - 1}\uFDD4`;
  });
  return text.replace(/"\uFDD4(\d+)\uFDD4"/g, (_, place) => literals[Number(place)] as string);
}

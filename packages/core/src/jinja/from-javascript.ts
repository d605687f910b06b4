import { literalOf, writtenName } from '../recipe/exact-json.ts';
import { dict } from './dict.ts';
import { typeError } from './errors.ts';
import { float, integer, list, type Value } from './values.ts';

/**
 * A value of JavaScript as Python has it, read from JSON: whole numbers are ints, others floats. A bigint is an int of any size;
 * a number that is kept as it was written (`recipe/exact-json.ts`) is what Python makes of that.
 * @throws {JinjaError} for what no JSON holds
 */
export function fromJavaScript(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isInteger(value) && !Object.is(value, -0) ? integer(value) : float(value);
    case 'bigint':
      return integer(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : fromObject(value);
    default:
      throw typeError(`a ${typeof value} can't be given to a template`);
  }
}

function fromObject(value: object): Value {
  if (Array.isArray(value)) return list(value.map(fromJavaScript));
  const literal = literalOf(value);
  if (literal !== undefined) return /^-?\d+$/.test(literal) ? integer(BigInt(literal)) : float(Number(literal));
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) throw typeError("bytes can't be given to a template");
  const made = dict();
  for (const [kept, inner] of Object.entries(value)) {
    const name = writtenName(kept);
    if (inner !== undefined) made.entries.set(name, [name, fromJavaScript(inner)]);
  }
  return made;
}

import { parseRowJson } from '../exact-json.ts';
import { RowError } from '../recipe.ts';
import { parseStrictJson } from '../strict-json.ts';

/**
 * What a row has as JSON text in place of a list or an object, because its file has no columns of that kind; anything
 * that is no text stays what it is.
 * @param parse of calls and tools: `parseExactJson`, so that their numbers stay what they are written as
 * @throws {RowError} naming the field whose text is no JSON
 */
export function fromJsonText(value: unknown, field: string, parse = parseRowJson): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  try {
    return parseStrictJson(value, parse);
  } catch (error) {
    const python = /^\s*[[{].*'/s.test(value) ? ' It looks like what Python prints: write it with json.dumps.' : '';
    const reason = (error as Error).message;
    throw new RowError(field, `the text in "${field}" is no JSON (${reason}).${python}`.replace(/\.$/, ''));
  }
}

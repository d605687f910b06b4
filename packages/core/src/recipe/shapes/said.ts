import { type Role, RowError } from '../recipe.ts';
import { fromJsonText } from './json-text.ts';
import { type Fields, kindOf, says } from './says.ts';

/** Where a message, or a turn of a dialogue, has its speaker and what is said, the usual one first. */
const ROLE_FIELDS = ['role', 'from', 'speaker', 'who'];
const CONTENT_FIELDS = ['content', 'value', 'text', 'parts'];

/** The fields of a message that say who speaks and what, or would. */
export const fieldsOf = (message: Fields) => ({
  roleField: ROLE_FIELDS.find((name) => says(message[name])) ?? 'role',
  contentField: CONTENT_FIELDS.find((name) => message[name] !== undefined) ?? 'content',
});

export const namesSpeaker = (message: Fields): boolean => ROLE_FIELDS.some((name) => name in message);

/** Who says a text of several that take turns. */
export const inTurn = (i: number): Role => (i % 2 === 0 ? 'user' : 'assistant');

/**
 * What is said, one after the other: a list, also as JSON text, all of it or each.
 * @throws {RowError} naming the field where it is none, or empty
 */
export function readList(value: unknown, field: string): readonly unknown[] {
  const list = fromJsonText(value, field);
  if (!Array.isArray(list)) throw new RowError(field, `"${field}" is ${kindOf(list)}, and no list of messages`);
  if (list.length === 0) throw new RowError(field, `"${field}" is an empty list: there is no message in it`);
  // What Python prints is no JSON, and told as such.
  const isJson = list.every((said) => typeof said === 'string' && /^\s*\{\s*["']/.test(said));
  return isJson ? list.map((said, i) => fromJsonText(said, `${field}.${i}`)) : list;
}

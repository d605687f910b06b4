import { type FieldsOfColumns, parseRowJson } from '../recipe/exact-json.ts';
import { parseStrictJson } from '../recipe/strict-json.ts';

/**
 * A row out of its JSON, strictly. Tools and their calls, which chat templates write out, keep their numbers and the order of
 * their names.
 * @param fields what columns are called by the recipe, where they are given other names
 * @throws {Error} with the reason
 */
export const parseJsonRow = (text: string, fields?: FieldsOfColumns): unknown =>
  parseStrictJson(text, (json) => parseRowJson(json, fields));

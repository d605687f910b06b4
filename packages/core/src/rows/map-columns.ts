import type { FieldsOfColumns } from '../recipe/exact-json.ts';
import type { RowError } from '../recipe/recipe.ts';
import type { SourceRow } from './source-row.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of the recipe by the columns of the data that they are read from; a column may be a path, `answers.text.0`. */
export type ColumnMap = Readonly<Record<string, string>>;

/** What each column is called by the recipe. */
export const fieldsOfColumns = (map: ColumnMap = {}): FieldsOfColumns =>
  new Map(Object.entries(map).map(([field, column]) => [column, field]));

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** What a row has in a column, or at a path of names and numbers; undefined where it has nothing of the kind. */
export function fieldAt(row: unknown, path: string): unknown {
  if (!isObject(row)) return undefined;
  if (Object.hasOwn(row, path)) return row[path];
  const dot = path.indexOf('.');
  const [name, rest] = dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
  return dot < 0 || !Object.hasOwn(row, name) ? undefined : fieldAt(row[name], rest);
}

/** The path of a field by the names that its file has: of `messages.2.role`, `chat.2.role`. */
export function fieldInFile({ map = {} }: Pick<SourceRow, 'map'>, field: string): string {
  const [name = '', ...within] = field.split('.');
  return Object.hasOwn(map, name) ? [map[name], ...within].join('.') : field;
}

/** What is wrong in a row, with the names that its file has. */
export function sentenceInFile(
  { map = {} }: Pick<SourceRow, 'map'>,
  { message, field, fields = [] }: Pick<RowError, 'message' | 'field' | 'fields'>,
): string {
  const names = new Set(
    [field, ...fields].map((path) => path.split('.', 1)[0] as string).filter((name) => Object.hasOwn(map, name)),
  );
  if (names.size === 0) return message;
  const any = [...names].map((name) => name.replace(/[^\w]/g, '\\$&')).join('|');
  const quoted = new RegExp(`"(${any})(\\.[^"]*)?"(?!\\s*:)`, 'g');
  return message.replace(quoted, (_, name: string, within = '') => `"${map[name]}${within}"`);
}

/** The row with the columns under the names that the recipe reads; what was read from is no longer there under its own. */
export function mapColumns(source: SourceRow, map: ColumnMap): SourceRow {
  const { value } = source;
  if (!isObject(value) || Array.isArray(value)) return source;
  const entries = Object.entries(map).flatMap(([field, column]) => {
    const found = fieldAt(value, column);
    return found === undefined ? [] : [{ field, column, found }];
  });
  const left = entries.reduce<unknown>((row, { column }) => without(row, column), value) as Fields;
  const named = Object.fromEntries(entries.map(({ field, found }) => [field, found]));
  const mapped = { ...left, ...named };
  // Where the row has the field itself, and not the column, that is what an error means.
  const applied = Object.entries(map).filter(([field]) => Object.hasOwn(named, field) || !Object.hasOwn(mapped, field));
  return { ...source, value: mapped, unmapped: value, map: Object.fromEntries(applied) };
}

/** The row without what was read from it. Of a list nothing is taken out. */
function without(row: unknown, path: string): unknown {
  if (!isObject(row) || Array.isArray(row)) return row;
  const { [path]: own, ...others } = row;
  if (Object.hasOwn(row, path)) return others;
  const dot = path.indexOf('.');
  const name = path.slice(0, dot);
  if (dot < 0 || !Object.hasOwn(row, name)) return row;
  const inner = without(row[name], path.slice(dot + 1));
  const isEmpty = isObject(inner) && !Array.isArray(inner) && Object.keys(inner).length === 0;
  if (!isEmpty) return { ...row, [name]: inner };
  const { [name]: _, ...rest } = row;
  return rest;
}

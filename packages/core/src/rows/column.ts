import { UserError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import { fieldAt } from './map-columns.ts';
import { placeOf, type SourceRow } from './source-row.ts';

/**
 * What a row says in a column that an option names: the row as it was read, before its recipe makes something of it.
 * @param option for the message: `splitBy`
 * @throws {UserError} `row-invalid` where the row has no such column, or nothing in it
 */
export function columnOf(source: SourceRow, column: string, option: string): unknown {
  const { value, unmapped } = source;
  const found = fieldAt(value, column) ?? fieldAt(unmapped, column);
  if (found !== undefined && found !== null && found !== '') return found;
  const row = unmapped ?? value;
  const names = typeof row === 'object' && row !== null ? Object.keys(row) : [];
  const nearest = nearestOf(column, names);
  const isThere = found !== undefined;
  throw new UserError({
    code: 'row-invalid',
    problem: isThere
      ? `Option ${option} reads the column "${column}", which is empty here.`
      : `Option ${option} reads the column "${column}", which the row does not have.`,
    where: placeOf(source, column),
    fix:
      nearest !== undefined && !isThere
        ? `Did you mean "${nearest}"?`
        : `Fill it in, or name a column that every row has; this one has ${names.map((name) => `"${name}"`).join(', ') || 'none'}.`,
  });
}

/** A value that stands for itself: equal values give equal texts. */
export const columnText = (source: SourceRow, column: string, option: string): string => {
  const value = columnOf(source, column, option);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/**
 * A weight in the loss, as a number or as a text that is one.
 * @throws {UserError} `row-invalid` for what is none, or below 0
 */
export function columnWeight(source: SourceRow, column: string, option: string): number {
  const value = columnOf(source, column, option);
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string';
  const weight = isNumber && String(value).trim() !== '' ? Number(value) : Number.NaN;
  if (weight >= 0 && Number.isFinite(weight)) return weight;
  throw new UserError({
    code: 'row-invalid',
    problem: `Option ${option} reads the column "${column}", and ${JSON.stringify(value)} is no weight.`,
    where: placeOf(source, column),
    fix: 'Write a number of 0 or more; 0 leaves the row out.',
  });
}

/**
 * A number, or a time as milliseconds since 1970.
 * @throws {UserError} `row-invalid` for what is neither
 */
export function columnTime(source: SourceRow, column: string, option: string): number {
  const value = columnOf(source, column, option);
  const time =
    value instanceof Date ? value.getTime() : typeof value === 'string' ? timeOf(value.trim()) : Number(value);
  if (Number.isFinite(time) && typeof value !== 'boolean') return time;
  throw new UserError({
    code: 'row-invalid',
    problem: `Option ${option} reads the column "${column}", and ${JSON.stringify(value)} is no time.`,
    where: placeOf(source, column),
    fix: 'Write times as 2026-01-31 or 2026-01-31T10:00:00Z, or as numbers.',
  });
}

const ISO = /^\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** A year alone is a date, not a number, so that it can stand among dates. A time without a zone is taken for UTC. */
function timeOf(text: string): number {
  if (!ISO.test(text)) return text === '' ? Number.NaN : Number(text);
  const isLocal = text.includes(':') && !/(Z|[+-]\d\d:\d\d)$/.test(text);
  return Date.parse(`${text.replace(' ', 'T')}${isLocal ? 'Z' : ''}`);
}

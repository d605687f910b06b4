import { UserError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import { isRowError, type Recipe } from '../recipe/recipe.ts';
import { placeOf, type SourceRow } from './source-row.ts';

/** A row that fits the recipe, with the place it comes from. */
export interface ParsedRow<Row> {
  readonly source: SourceRow;
  readonly row: Row;
}

/**
 * Checks a row against the recipe.
 * @throws {UserError} `row-invalid` with file, row and field
 */
export function parseSourceRow<Row>(source: SourceRow, recipe: Recipe<Row>): Row {
  try {
    return recipe.parseRow(source.value);
  } catch (cause) {
    if (!isRowError(cause)) throw cause;
    throw new UserError({
      code: 'row-invalid',
      problem: `A row does not fit the recipe "${recipe.name}": ${cause.message}.`,
      where: placeOf(source, cause.field),
      fix: `${meant(cause.field, source.value)}Correct the row${fieldsOf(source.value)}, or choose the recipe that these rows are made for.`,
      cause,
    });
  }
}

/** Checks rows against the recipe; see {@link parseSourceRow}. */
export function parseRows<Row>(sources: readonly SourceRow[], recipe: Recipe<Row>): ParsedRow<Row>[] {
  return sources.map((source) => ({ source, row: parseSourceRow(source, recipe) }));
}

/** A field of the row whose name is nearly the one that is missing. */
function meant(field: string, value: unknown): string {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const nearest = names.includes(field) ? undefined : nearestOf(field, names);
  return nearest === undefined ? '' : `Is "${nearest}" meant to be "${field}"? `;
}

/** What the row has instead, for a field that goes by another name. */
function fieldsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const names = Object.keys(value).slice(0, 8);
  return names.length === 0
    ? ' (it has no fields)'
    : ` (it has the fields ${names.map((name) => `"${name}"`).join(', ')})`;
}

import { UserError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import { isRowError, type Recipe, type RenderedExample, type RowError } from '../recipe/recipe.ts';
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
  if (source.problem) throw source.problem;
  try {
    return recipe.parseRow(source.value);
  } catch (cause) {
    if (!isRowError(cause)) throw recipeFailed(cause, source, recipe.name);
    throw new UserError({
      code: 'row-invalid',
      problem: `A row does not fit the recipe "${recipe.name}": ${cause.message}.`,
      where: placeOf(source, cause.field),
      fix: `${meant(cause, source.value)}Correct the row${fieldsOf(source.value)}, or choose the recipe that these rows are made for.`,
      cause,
    });
  }
}

/**
 * A row in the recipe's words.
 * @throws {UserError} `recipe-invalid` with file and row where the recipe's own code fails, or makes no example
 */
export function renderSourceRow<Row>(source: SourceRow, row: Row, recipe: Recipe<Row>): RenderedExample {
  const rendered = render(source, row, recipe);
  const { prompt, completion }: { prompt?: unknown; completion?: unknown } = rendered ?? {};
  if (Array.isArray(prompt) && Array.isArray(completion)) return rendered;
  throw recipeFailed('it made no { prompt: […], completion: […] }', source, recipe.name);
}

function render<Row>(source: SourceRow, row: Row, recipe: Recipe<Row>): RenderedExample {
  try {
    return recipe.render(row);
  } catch (cause) {
    throw recipeFailed(cause, source, recipe.name);
  }
}

/** The code of a recipe is often its user's own: where it fails, the row is what helps to find out why. */
function recipeFailed(cause: unknown, source: SourceRow, recipe: string): unknown {
  if (cause instanceof UserError) return cause;
  return new UserError({
    code: 'recipe-invalid',
    problem: `The recipe "${recipe}" fails on a row: ${cause instanceof Error ? cause.message : String(cause)}`,
    where: placeOf(source),
    fix: 'Correct the recipe, or the row if it is not one that the recipe is made for; --debug shows where in the recipe.',
    cause,
  });
}

/** Checks rows against the recipe; see {@link parseSourceRow}. */
export function parseRows<Row>(sources: readonly SourceRow[], recipe: Recipe<Row>): ParsedRow<Row>[] {
  return sources.map((source) => ({ source, row: parseSourceRow(source, recipe) }));
}

/** Fields of the row whose names are nearly those that are missing. */
function meant({ field, fields = [field] }: RowError, value: unknown): string {
  const names = namesOf(value);
  const missing = fields.filter((name) => name !== '' && !name.includes('.') && !names.includes(name));
  const pairs = names.flatMap((name) => {
    const nearest = fields.includes(name) ? undefined : nearestOf(name, missing);
    return nearest === undefined ? [] : [[nearest, name] as const];
  });
  const first = pairs.filter(([wanted], i) => pairs.findIndex(([other]) => other === wanted) === i);
  const [one, two] = names;
  if (first.length < 2 && fields.length > 1 && one !== undefined && two !== undefined) {
    return `Say which field is what is asked and which the answer, for example --map prompt=${one},completion=${two}. `;
  }
  if (first.length === 0) return '';
  const asked = first.map(([wanted, name]) => `"${name}" meant to be "${wanted}"`).join(', and is ');
  return `Is ${asked}? Then say so: --map ${first.map(([wanted, name]) => `${wanted}=${name}`).join(',')}. `;
}

/** For a row without its answer: the field that may have it under another name. */
export function suggestedAnswer(value: unknown, answerField: string): string {
  const names = namesOf(value).filter((name) => name !== answerField);
  if (namesOf(value).includes(answerField) || names.length < 2) return '';
  const nearest = nearestOf(answerField, names);
  const example = `--map ${answerField}=${nearest ?? 'FIELD'}`;
  return ` If the answer is in another field${fieldsOf(value)}, say so: ${example}.`;
}

const namesOf = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

/** What the row has instead, for a field that goes by another name. */
function fieldsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const names = Object.keys(value).slice(0, 8);
  return names.length === 0
    ? ' (it has no fields)'
    : ` (it has the fields ${names.map((name) => `"${name}"`).join(', ')})`;
}

import { UserError } from '../errors.ts';
import { isRowError, type Recipe, type RenderedExample } from '../recipe/recipe.ts';
import { fieldInFile, sentenceInFile } from './map-columns.ts';
import { placeOf, type SourceRow } from './source-row.ts';
import { fieldsInWords, suggestedMap } from './suggest-map.ts';

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
      problem: `A row does not fit the recipe "${recipe.name}": ${sentenceInFile(source, cause)}.`,
      where: placeOf(source, fieldInFile(source, cause.field)),
      fix: `${suggestedMap(source, cause)}Correct the row${fieldsInWords(source)}, or choose the recipe that these rows are made for.`,
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

import type { z } from 'zod';
import { firstProblem } from './first-problem.ts';
import { parseWith } from './parse-with.ts';
import type { Recipe } from './recipe.ts';
import { RecipeOptionError } from './recipe.ts';

/** A recipe as one writes it: its row is a schema. */
export interface RecipeDefinition<Row> extends Omit<Recipe<Row>, 'specificationVersion' | 'parseRow' | 'mixture'> {
  /** What a row must look like. The answer may be absent, so that rows without one can be given to `generate`. */
  readonly row: z.ZodType<Row>;
}

/** Makes a recipe from a schema of its rows and the words they become. */
export function defineRecipe<Row>(definition: RecipeDefinition<Row>): Recipe<Row> {
  const { row: schema, ...rest } = definition;
  return { specificationVersion: 1, ...rest, parseRow: (input) => parseWith(schema, input) };
}

/**
 * The options of a recipe, with their defaults filled in.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function resolveOptions<Options>(schema: z.ZodType<Options>, input: unknown): Options {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { field, problem } = firstProblem(parsed.error, input);
  throw new RecipeOptionError(field, problem);
}

import type { z } from 'zod';
import { firstProblem } from './first-problem.ts';
import type { Metric, PlainLayout, Recipe, RecipeDefaults, RenderedExample } from './recipe.ts';
import { RecipeOptionError, RowError } from './recipe.ts';

export interface RecipeDefinition<Row> {
  /** kebab-case, without `recipe-`: `support`. */
  readonly name: string;
  /** The resolved options, as plain JSON. */
  readonly options: unknown;
  /** What a row must look like. The answer may be absent, so that rows without one can be given to `generate`. */
  readonly row: z.ZodType<Row>;
  /** The field that holds the answer. */
  readonly answerField: string;
  readonly defaults: RecipeDefaults;
  readonly layout: PlainLayout;
  readonly render: (row: Row) => RenderedExample;
  readonly metrics: readonly Metric<Row>[];
}

/** Makes a recipe from a schema of its rows and the words they become. */
export function defineRecipe<Row>(definition: RecipeDefinition<Row>): Recipe<Row> {
  const { row: schema, ...rest } = definition;
  return {
    specificationVersion: 1,
    ...rest,
    parseRow(input: unknown): Row {
      const parsed = schema.safeParse(input);
      if (parsed.success) return parsed.data;
      const { field, problem } = firstProblem(parsed.error, input);
      throw new RowError(field, problem);
    },
  };
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

import type { z } from 'zod';
import { firstProblem } from './first-problem.ts';
import { parseWith } from './parse-with.ts';
import type { Recipe } from './recipe.ts';
import { RecipeOptionError } from './recipe.ts';
import { fieldsOfSchema, unreadBySchema } from './unread-fields.ts';

/** A recipe as one writes it: its row is a schema. */
export interface RecipeDefinition<Row>
  extends Omit<Recipe<Row>, 'specificationVersion' | 'parseRow' | 'unreadFields' | 'rowFields' | 'mixture'> {
  /** What a row must look like. The answer may be absent, so that rows without one can be given to `generate`. */
  readonly row: z.ZodType<Row>;
}

/**
 * Makes a recipe from a schema of its rows and the words they become.
 * @example
 * ```ts
 * import { defineRecipe, plain } from '@counterweight/core/recipe';
 * import { z } from 'zod';
 *
 * const haiku = defineRecipe({
 *   name: 'haiku',
 *   options: {},
 *   row: z.object({ season: z.string(), text: z.string() }),
 *   answerField: 'text',
 *   render: ({ season, text }) => ({
 *     prompt: [{ role: 'user', text: `Write a haiku about ${season}.` }],
 *     completion: [{ role: 'assistant', text }],
 *   }),
 *   metrics: [],
 *   defaults: {
 *     promptLossWeight: 0.1,
 *     promptLossWeightReason: 'The prompt is one sentence that hardly varies.',
 *     generationRatio: 2,
 *     maxLength: 128,
 *     maxNewTokens: 48,
 *   },
 *   layout: plain().layout,
 * });
 * ```
 */
export function defineRecipe<Row>(definition: RecipeDefinition<Row>): Recipe<Row> {
  const { row: schema, ...rest } = definition;
  return {
    specificationVersion: 1,
    ...rest,
    parseRow: (input) => parseWith(schema, input),
    unreadFields: (input) => unreadBySchema(schema, input),
    rowFields: fieldsOfSchema(schema),
  };
}

/**
 * The options of a recipe, with their defaults filled in.
 * @throws {RecipeOptionError} naming the option that does not fit.
 * @example
 * ```ts
 * import { resolveOptions } from '@counterweight/core/recipe';
 * import { z } from 'zod';
 *
 * const { lines } = resolveOptions(z.strictObject({ lines: z.int().default(3) }), {}); // 3
 * ```
 */
export function resolveOptions<Options>(schema: z.ZodType<Options>, input: unknown): Options {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { field, problem } = firstProblem(parsed.error, input);
  throw new RecipeOptionError(field, problem);
}

import type { z } from 'zod';
import { parseWith } from './parse-with.ts';
import type { AnswerSet, Metric, PlainLayout, Recipe, RecipeDefaults, RenderedExample } from './recipe.ts';
import { RecipeOptionError } from './recipe.ts';
import { allFields, fieldsOfSchema, unreadBySchema, unreadFieldsOf } from './unread-fields.ts';

/** Defaults to change. A weight comes with its reason: the base's would no longer be true. */
export type DefaultsChanges = Partial<Omit<RecipeDefaults, 'promptLossWeight' | 'promptLossWeightReason'>> &
  (
    | { readonly promptLossWeight?: never; readonly promptLossWeightReason?: never }
    | Pick<RecipeDefaults, 'promptLossWeight' | 'promptLossWeightReason'>
  );

/** What to change of a recipe; what is not named stays. Functions are given the base, to build on what it does. */
export interface RecipeChanges<Base, Fields = unknown> {
  readonly name?: string;
  /** Written into run.json in place of the base's, so plain JSON: `{ ...base.options, tone }` keeps both. */
  readonly options?: unknown;
  /**
   * More fields, or a closer type of the base's: a schema of objects. It is given the row as the base parsed it, with
   * the input's other fields beside; what it gives is laid over the base's row.
   */
  readonly row?: z.ZodType<Fields>;
  readonly answerField?: string;
  readonly defaults?: DefaultsChanges;
  /** The roles that are named; the others keep the base's text. */
  readonly layout?: Partial<PlainLayout>;
  readonly render?: (row: Base & Fields, base: Recipe<Base>) => RenderedExample;
  /** `(base) => [...base.metrics, mine]` adds one. */
  readonly metrics?: (base: Recipe<Base>) => readonly Metric<Base & Fields>[];
  readonly tally?: (row: Base & Fields, base: Recipe<Base>) => Readonly<Record<string, number>>;
  readonly answers?: AnswerSet;
  readonly normaliseAnswer?: (text: string) => string;
}

/**
 * A recipe that differs from another in what is named, and in nothing else:
 *
 *     extendRecipe(support(), {
 *       name: 'support-brief',
 *       metrics: (base) => [...base.metrics, words],
 *       render: (row, base) => politely(base.render(row)),
 *     })
 *
 * For rows of another kind altogether there is `defineRecipe({ ...base, row, render, metrics })`.
 * @throws {RecipeOptionError} for layout, defaults, answers and the like of a mixture, whose rows have their own recipe's
 * @example
 * ```ts
 * import { extendRecipe } from '@counterweight/core/recipe';
 * import { support } from '@counterweight/recipe-support';
 *
 * const brief = extendRecipe(support(), {
 *   name: 'support-brief',
 *   render: (row, base) => {
 *     const { prompt, ...rest } = base.render(row);
 *     return { ...rest, prompt: [{ role: 'system', text: 'Answer in one sentence.' }, ...prompt] };
 *   },
 * });
 * ```
 */
export function extendRecipe<Base, Fields = unknown>(
  base: Recipe<Base>,
  changes: RecipeChanges<NoInfer<Base>, Fields>,
): Recipe<Base & Fields> {
  const { row: schema, render, metrics, tally, defaults, layout, ...replaced } = changes;
  for (const option of ['layout', 'defaults', 'answers', 'normaliseAnswer'] as const) {
    if (base.mixture && changes[option] !== undefined) {
      throw new RecipeOptionError(option, `every row of a mixture has its own recipe's ${option}: extend, then mix`);
    }
  }
  // A row of the extension is one of the base with more to it: whatever takes the base's rows takes it.
  const { parseRow: _, ...kept } = base as unknown as Recipe<Base & Fields>;
  return {
    ...kept,
    ...replaced,
    defaults: { ...base.defaults, ...defaults },
    layout: { ...base.layout, ...layout },
    parseRow: (input) =>
      schema ? extended(base.parseRow(input), schema, input) : (base.parseRow(input) as Base & Fields),
    ...(schema && {
      unreadFields: (input) => unreadByBoth(base, schema, input),
      rowFields: allFields([base.rowFields, fieldsOfSchema(schema)]),
    }),
    ...(render && { render: (row) => render(row, base) }),
    ...(metrics && { metrics: metrics(base) }),
    ...(tally && { tally: (row) => tally(row, base) }),
  };
}

/** What neither the base nor the extension reads. */
function unreadByBoth<Base, Fields>(base: Recipe<Base>, schema: z.ZodType<Fields>, input: unknown): string[] {
  const unread = new Set(unreadBySchema(schema, input));
  return unreadFieldsOf(base, input).filter((field) => unread.has(field));
}

function extended<Base, Fields>(row: Base, schema: z.ZodType<Fields>, input: unknown): Base & Fields {
  const fields = parseWith(schema, { ...(input as object), ...row });
  return { ...row, ...fields };
}

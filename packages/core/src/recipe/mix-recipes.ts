import { z } from 'zod';
import { parseWith } from './parse-with.ts';
import type { Metric, Prediction, Recipe, RecipeDefaults, RowSettings } from './recipe.ts';
import { RecipeOptionError } from './recipe.ts';
import { allFields, unreadFieldsOf } from './unread-fields.ts';

/** A row of a mixture: in a file it is `{"recipe": "support", …}`, with the fields of that recipe's rows beside. */
export interface MixedRow<Row> {
  /** The name of the recipe the row belongs to. */
  readonly recipe: string;
  readonly row: Row;
}

export interface MixOptions {
  /**
   * How much of what training draws is of each recipe, by name; only the relation of the numbers counts. An epoch is
   * as long as without; a recipe with few rows repeats them, one with many shows others of them in the next epoch.
   * Default: an epoch is every row once.
   */
  readonly proportions?: Readonly<Record<string, number>>;
  /** Default `mixture`. */
  readonly name?: string;
}

type RowOf<R> = R extends Recipe<infer Row> ? Row : never;

/**
 * One recipe of several, to train one model on all of them. Every row is rendered, weighted, cut and answered exactly
 * as its own recipe does it alone. Metrics bear their recipe's name (`exactMatch` of `support` is `supportExactMatch`)
 * and see that recipe's rows; where there are none, they are left out. A prompt loss weight, fraction or length given
 * to a command is given to all rows.
 * @throws {RecipeOptionError} for names that occur twice, proportions that do not fit, or a mixture in the mixture
 * @example
 * ```ts
 * import { mixRecipes, plain } from '@counterweight/core/recipe';
 * import { support } from '@counterweight/recipe-support';
 *
 * // Rows are {"recipe": "support", …} and {"recipe": "plain", …}.
 * const both = mixRecipes([support(), plain()], { proportions: { support: 4, plain: 1 } });
 * ```
 */
export function mixRecipes<const Recipes extends readonly Recipe<unknown>[]>(
  recipes: Recipes,
  { proportions, name = 'mixture' }: MixOptions = {},
): Recipe<MixedRow<RowOf<Recipes[number]>>> {
  type Row = RowOf<Recipes[number]>;
  // Recipes see no rows but their own: parseRow and the row's tag settle whose they are.
  const parts = new Map(recipes.map((recipe) => [recipe.name, recipe as unknown as Recipe<Row>]));
  checkNames(recipes, parts.size);
  const shares = proportions && sharesOf(proportions, [...parts.keys()]);
  const tag = z.looseObject({ recipe: z.enum([...parts.keys()]) });
  const partOf = (row: MixedRow<Row>): Recipe<Row> => parts.get(row.recipe) as Recipe<Row>;
  return {
    specificationVersion: 1,
    name,
    options: {
      recipes: recipes.map((recipe) => ({ name: recipe.name, options: recipe.options })),
      ...(proportions && { proportions }),
    },
    defaults: mixedDefaults(recipes, shares),
    layout: (recipes[0] as Recipe<unknown>).layout,
    answerField: [...new Set(recipes.map((recipe) => recipe.answerField))].join(' or '),
    parseRow(input) {
      const { recipe, ...fields } = parseWith(tag, input);
      return { recipe, row: (parts.get(recipe) as Recipe<Row>).parseRow(fields) };
    },
    unreadFields(input) {
      const { recipe, ...fields } = parseWith(tag, input);
      return unreadFieldsOf(parts.get(recipe) as Recipe<Row>, fields);
    },
    rowFields: allFields([['recipe'], ...recipes.map(({ rowFields }) => rowFields)]),
    render: (row) => partOf(row).render(row.row),
    metrics: [...parts.values()].flatMap((recipe) => recipe.metrics.map((metric) => ownRowsOnly(recipe.name, metric))),
    tally: (row) => ({ [`rows of ${row.recipe}`]: 1, ...partOf(row).tally?.(row.row) }),
    mixture: { partOf: (row): RowSettings => partOf(row), ...(shares && { proportions: shares }) },
  };
}

function checkNames(recipes: readonly Recipe<unknown>[], distinct: number): void {
  const names = recipes.map((recipe) => recipe.name);
  if (recipes.length === 0) throw new RecipeOptionError('recipes', 'there is nothing to mix');
  if (distinct < recipes.length) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    const fix = `name one of them anew: extendRecipe(…, { name: '${twice}-2' })`;
    throw new RecipeOptionError('recipes', `two recipes are named "${twice}": ${fix}`);
  }
  const nested = recipes.find((recipe) => recipe.mixture);
  if (nested) throw new RecipeOptionError('recipes', `"${nested.name}" is a mixture itself: mix its recipes`);
  const metricNames = recipes.flatMap((recipe) => recipe.metrics.map((metric) => prefixed(recipe.name, metric.name)));
  const doubled = metricNames.find((name, i) => metricNames.indexOf(name) !== i);
  if (doubled) throw new RecipeOptionError('recipes', `two metrics would be named "${doubled}": rename a recipe`);
}

/** MixtureWeights as parts of 1. */
function sharesOf(proportions: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> {
  for (const name of Object.keys(proportions)) {
    if (!names.includes(name)) {
      throw new RecipeOptionError(`proportions.${name}`, `there is no recipe "${name}" in the mixture`);
    }
  }
  const total = Object.values(proportions).reduce((sum, proportion) => sum + proportion, 0);
  const shares = names.map((name) => {
    const proportion = proportions[name];
    if (proportion === undefined || !(proportion > 0 && Number.isFinite(proportion))) {
      throw new RecipeOptionError(`proportions.${name}`, `the proportion of "${name}" must be a number above 0`);
    }
    return [name, proportion / total];
  });
  return Object.fromEntries(shares);
}

/** Numbers for the whole, where one is asked for: means for people to read; every row keeps those of its own recipe. */
function mixedDefaults(
  recipes: readonly Recipe<unknown>[],
  shares: Readonly<Record<string, number>> | undefined,
): RecipeDefaults {
  const largest = (of: (defaults: RecipeDefaults) => number) =>
    Math.max(...recipes.map(({ defaults }) => of(defaults)));
  const mean = (of: (defaults: RecipeDefaults) => number) =>
    recipes.reduce((sum, { name, defaults }) => sum + of(defaults) * (shares?.[name] ?? 1 / recipes.length), 0);
  const weights = recipes.map(({ name, defaults }) => `${name} ${defaults.promptLossWeight}`).join(', ');
  return {
    promptLossWeight: mean((defaults) => defaults.promptLossWeight),
    promptLossWeightReason: `every row has the weight of its own recipe (${weights}), and this is their mean`,
    generationRatio: mean((defaults) => defaults.generationRatio),
    maxLength: largest((defaults) => defaults.maxLength),
    maxNewTokens: largest((defaults) => defaults.maxNewTokens),
  };
}

function ownRowsOnly<Row>(recipe: string, { perRow, ...metric }: Metric<Row>): Metric<MixedRow<Row>> {
  const scoreOf = async ({ row, text }: Prediction<MixedRow<Row>>) =>
    row.recipe === recipe && perRow ? perRow({ row: row.row, text }) : Number.NaN;
  return {
    ...metric,
    name: prefixed(recipe, metric.name),
    definition: `On the rows of ${recipe}: ${metric.definition}`,
    compute(predictions, onProgress) {
      const own = predictions.filter(({ row }) => row.recipe === recipe);
      if (own.length === 0) return Number.NaN;
      return metric.compute(
        own.map(({ row, text }) => ({ row: row.row, text })),
        onProgress,
      );
    },
    ...(perRow && { perRow: scoreOf }),
  };
}

/** `support-brief`, `exactMatch` → `supportBriefExactMatch` */
const prefixed = (recipe: string, metric: string): string =>
  `${recipe}-${metric}`.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());

import type { Metric, Recipe, RecipeDefaults } from '../recipe/recipe.ts';

/** What run.json says of a metric, so that a report needs no recipe. */
export interface MetricDescription {
  readonly name: string;
  readonly direction: Metric<never>['direction'];
  readonly definition: string;
  /** One of those to look at first. */
  readonly headline?: true;
}

/** What run.json says of a recipe beside its name, options and code. */
export interface RecipeDescription {
  readonly metrics: readonly MetricDescription[];
  readonly defaults: RecipeDefaults;
}

export function describeRecipe<Row>({ metrics, defaults }: Recipe<Row>): RecipeDescription {
  const named = metrics.some(({ headline }) => headline);
  return {
    metrics: metrics.map(({ name, direction, definition, headline }, i) => ({
      ...{ name, direction, definition },
      // Where none is named, the first is what the recipe says first.
      ...((named ? headline : i === 0) && { headline: true as const }),
    })),
    defaults,
  };
}

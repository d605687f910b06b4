export type { RecipeDefinition } from './define-recipe.ts';
export { defineRecipe, resolveOptions } from './define-recipe.ts';
export type { MeanMetric } from './metric.ts';
export { meanOf } from './metric.ts';
export type { PlainRow } from './plain.ts';
export { plain } from './plain.ts';
export type {
  AnswerSet,
  Metric,
  PlainLayout,
  Prediction,
  Recipe,
  RecipeDefaults,
  RenderedExample,
  Role,
  Segment,
  Turn,
} from './recipe.ts';
export { isRowError, RecipeOptionError, RowError } from './recipe.ts';

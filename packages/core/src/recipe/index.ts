export type { RecipeDefinition } from './define-recipe.ts';
export { defineRecipe, resolveOptions } from './define-recipe.ts';
export type { DefaultsChanges, RecipeChanges } from './extend-recipe.ts';
export { extendRecipe } from './extend-recipe.ts';
export type { MeanMetric } from './metric.ts';
export { meanOf } from './metric.ts';
export type { MixedRow, MixOptions } from './mix-recipes.ts';
export { mixRecipes } from './mix-recipes.ts';
export type { PlainRow } from './plain.ts';
export { plain } from './plain.ts';
export type {
  AnswerSet,
  Baseline,
  Freedom,
  Metric,
  MetricProgress,
  Mixture,
  Phrasings,
  PlainLayout,
  Prediction,
  RankedAnswers,
  Recipe,
  RecipeDefaults,
  RenderedExample,
  Role,
  RowSettings,
  Segment,
  Turn,
} from './recipe.ts';
export { isRowError, RecipeOptionError, RowError } from './recipe.ts';
export type { Interval, Resampling } from './resample.ts';
export { percentileInterval, resample } from './resample.ts';
export type { DialogueTurn } from './shapes/read-dialogue.ts';
export { dialogueSchema, readDialogue } from './shapes/read-dialogue.ts';
export { longAnswerEvidence, shortAnswerEvidence } from './sweep-evidence.ts';

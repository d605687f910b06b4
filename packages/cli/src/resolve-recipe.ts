import {
  type AnyRecipe,
  describeRecipeSource,
  importRecipeModule,
  type RecipeRequest,
  type RecipeSource,
  resolveRecipe as resolveWith,
} from '@counterweight/core';

export type { AnyRecipe } from '@counterweight/core';

/** Recipes that are installed beside the command line are found by their names as well. */
const program = import.meta.url;

export const resolveRecipe = ({ recipe, recipeOptions, cwd }: RecipeRequest): Promise<AnyRecipe> =>
  resolveWith({ recipe, recipeOptions, cwd, program });

export const sourceOfRecipe = (recipe: string, cwd: string): RecipeSource | undefined =>
  describeRecipeSource({ recipe, cwd, program });

export const recipeModule = (recipe: string, cwd: string): Promise<Readonly<Record<string, unknown>>> =>
  importRecipeModule({ recipe, cwd, program });

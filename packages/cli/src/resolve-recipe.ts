import {
  type AnyRecipe,
  describeRecipeSource,
  type FindRecipe,
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

/** The recipe of a run, by what run.json says of it. */
export const findRecipeFrom =
  (cwd: string): FindRecipe =>
  async ({ recipe, recipeOptions }) => ({
    recipe: await resolveRecipe({ recipe, recipeOptions, cwd }),
    source: sourceOfRecipe(recipe, cwd),
  });

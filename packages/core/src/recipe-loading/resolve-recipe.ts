import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ZodError } from 'zod';
import { UserError } from '../errors.ts';
import type { Recipe, RecipeOptionError } from '../recipe/index.ts';
import { assertContract } from './assert-contract.ts';
import { findRecipeModule, importRecipeModule, type RecipePlace, recipeError } from './find-recipe-module.ts';
import { packageOfModule } from './package-of-module.ts';

/** A recipe of any domain: its rows are its own business. */
export type AnyRecipe = Recipe<unknown>;

export interface RecipeRequest extends RecipePlace {
  readonly recipeOptions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Finds the recipe the user named, and makes it with the user's options. A name stands for a package by convention
 * (`support` → `@counterweight/recipe-support` or `counterweight-recipe-support`), looked up from the working
 * directory first, from beside the program and from beside core then: a recipe of one's own needs no word from anyone.
 *
 * @throws {UserError} `recipe-invalid` with what to install or to export.
 * @example
 * ```ts
 * import { evaluate, resolveRecipe } from '@counterweight/core';
 *
 * const recipe = await resolveRecipe({ recipe: 'support', recipeOptions: { task: 'intent' }, cwd: process.cwd() });
 * const evaluation = await evaluate({ recipe, model: 'org/name', data: 'held-out.csv' });
 * ```
 */
export async function resolveRecipe({ recipeOptions, ...place }: RecipeRequest): Promise<AnyRecipe> {
  const { recipe: request } = place;
  const module = await importRecipeModule(place);
  const exportName = camelCase(nameOf(request));
  const found = module.default ?? module[exportName];
  if (found === undefined) {
    throw recipeError(
      `The module of recipe "${request}" exports no recipe`,
      request,
      `Export the recipe, or a function that makes it, as default or as "${exportName}".`,
    );
  }
  return makeRecipe(found, recipeOptions, place);
}

/** The export is a recipe, or a factory over options. */
function makeRecipe(found: unknown, options: RecipeRequest['recipeOptions'], place: RecipePlace): AnyRecipe {
  const { recipe: request } = place;
  if (typeof found !== 'function' && options !== undefined) {
    throw recipeError(`Recipe "${request}" takes no options`, '--recipe-options', 'Leave --recipe-options out.');
  }
  const recipe: unknown = typeof found === 'function' ? callFactory(found, options, request) : found;
  const url = findRecipeModule(place);
  assertContract(recipe, request, url === undefined ? undefined : packageOfModule(dirname(fileURLToPath(url))));
  if (isRecipe(recipe)) return recipe;
  throw recipeError(
    `What "${request}" exports is not a recipe`,
    request,
    'A recipe has specificationVersion 1, name, defaults, parseRow, render and metrics: make it with defineRecipe.',
  );
}

// biome-ignore lint/complexity/noBannedTypes: whatever a module exports that can be called
function callFactory(factory: Function, options: RecipeRequest['recipeOptions'], request: string): unknown {
  try {
    return options === undefined ? factory() : factory(options);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const fix = `Give it one of the values that recipe "${request}" documents for it.`;
    const { name, option } = cause as Partial<RecipeOptionError>;
    const where = name === 'RecipeOptionError' && option ? `option ${option.split('.')[0]}` : 'option recipeOptions';
    throw recipeError(`Recipe "${request}" cannot be made: ${reasonOf(cause)}`, where, fix, cause);
  }
}

/** By name, not by class: the recipe may bring its own copy of core, or of zod. */
function reasonOf(error: unknown): string {
  const { name, message, option, issues } = error as Partial<RecipeOptionError & ZodError>;
  if (name === 'RecipeOptionError') return message ?? `option ${option}`;
  return issues?.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') ?? message ?? String(error);
}

export function isRecipe(value: unknown): value is AnyRecipe {
  if (typeof value !== 'object' || value === null) return false;
  const recipe = value as Partial<AnyRecipe>;
  return (
    recipe.specificationVersion === 1 &&
    typeof recipe.name === 'string' &&
    typeof recipe.parseRow === 'function' &&
    typeof recipe.render === 'function' &&
    typeof recipe.defaults === 'object' &&
    Array.isArray(recipe.metrics)
  );
}

/** `./my-claims.ts`, `@acme/recipe-my-claims`, `counterweight-recipe-my-claims` → `my-claims` */
const nameOf = (request: string) =>
  (request.split(/[\\/]/).at(-1) ?? request).replace(/\.[cm]?[jt]s$/, '').replace(/^(counterweight-)?recipe-/, '');

const camelCase = (name: string) => name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());

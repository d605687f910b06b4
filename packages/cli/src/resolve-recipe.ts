import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plain, type Recipe, type RecipeOptionError, UserError } from '@counterweight/core';
import { resolve as resolveModule } from 'import-meta-resolve';
import type { ZodError } from 'zod';

/** A recipe of any domain: its rows are its own business. */
export type AnyRecipe = Recipe<unknown>;

export interface RecipeRequest {
  /** `plain`, a name (`support`), a package (`@acme/recipe-claims`) or a path to a module. */
  readonly recipe: string;
  readonly recipeOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly cwd: string;
}

/**
 * Finds the recipe the user named, and makes it with the user's options. A name stands for a package by convention
 * (`support` → `@counterweight/recipe-support` or `counterweight-recipe-support`), looked up from the working
 * directory first and from beside this program then: a recipe of one's own needs no word from anyone.
 *
 * @throws {UserError} `recipe-invalid` with what to install or to export.
 */
export async function resolveRecipe({ recipe: request, recipeOptions, cwd }: RecipeRequest): Promise<AnyRecipe> {
  const module = await importRecipeModule(request, cwd);
  const exportName = camelCase(nameOf(request));
  const found = module.default ?? module[exportName];
  if (found === undefined) {
    throw recipeError(
      `The module of recipe "${request}" exports no recipe`,
      request,
      `Export the recipe, or a function that makes it, as default or as "${exportName}".`,
    );
  }
  return makeRecipe(found, recipeOptions, request);
}

/** @throws {UserError} `recipe-invalid` when there is no such module, or it does not load. */
export async function importRecipeModule(request: string, cwd: string): Promise<Readonly<Record<string, unknown>>> {
  if (request === 'plain') return { default: plain() };
  return importModule(isPath(request) ? pathUrl(request, cwd) : packageUrl(request, cwd), request);
}

const isPath = (request: string) =>
  /^\.{0,2}[\\/]/.test(request) || isAbsolute(request) || /\.[cm]?[jt]s$/.test(request);

function pathUrl(request: string, cwd: string): string {
  const path = resolve(cwd, request);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw recipeError('The recipe module is not there', path, 'Check the path given with --recipe.');
}

function packageUrl(request: string, cwd: string): string {
  const isName = /^[a-z0-9][a-z0-9-]*$/.test(request);
  const candidates = isName
    ? [`@counterweight/recipe-${request}`, `counterweight-recipe-${request}`, request]
    : [request];
  for (const parent of [pathToFileURL(join(cwd, 'here.js')).href, import.meta.url]) {
    for (const candidate of candidates) {
      const url = tryResolve(candidate, parent);
      if (url) return url;
    }
  }
  const install = candidates[0];
  throw recipeError(
    `There is no recipe "${request}"`,
    `looked for the package${candidates.length > 1 ? 's' : ''} ${candidates.join(', ')}`,
    isName
      ? `Install it (npm install ${install}), give the path of a module (./${request}.ts), or use --recipe plain.`
      : `Install it: npm install ${install}.`,
  );
}

function tryResolve(specifier: string, parent: string): string | undefined {
  try {
    const url = resolveModule(specifier, parent);
    return url.startsWith('file:') && existsSync(new URL(url)) ? url : undefined;
  } catch {
    return undefined;
  }
}

async function importModule(url: string, request: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(url);
  } catch (cause) {
    const fix = 'Run the file with node alone to see the whole error, and mend it.';
    throw recipeError(`Recipe "${request}" does not load: ${(cause as Error).message}`, url, fix, cause);
  }
}

/** The export is a recipe, or a factory over options. */
function makeRecipe(found: unknown, options: RecipeRequest['recipeOptions'], request: string): AnyRecipe {
  if (typeof found !== 'function' && options !== undefined) {
    throw recipeError(`Recipe "${request}" takes no options`, '--recipe-options', 'Leave --recipe-options out.');
  }
  const recipe: unknown = typeof found === 'function' ? callFactory(found, options, request) : found;
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
    const fix = `Check --recipe-options against the options that recipe "${request}" documents.`;
    throw recipeError(`Recipe "${request}" cannot be made: ${reasonOf(cause)}`, '--recipe-options', fix, cause);
  }
}

/** By name, not by class: the recipe may bring its own copy of core, or of zod. */
function reasonOf(error: unknown): string {
  const { name, message, option, issues } = error as Partial<RecipeOptionError & ZodError>;
  if (name === 'RecipeOptionError') return `option "${option}": ${message}`;
  return issues?.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') ?? message ?? String(error);
}

function isRecipe(value: unknown): value is AnyRecipe {
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

const recipeError = (problem: string, where: string, fix: string, cause?: unknown) =>
  new UserError({ code: 'recipe-invalid', problem, where, fix, cause });

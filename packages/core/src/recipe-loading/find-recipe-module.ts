import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { assertInstallation } from '../assert-installation.ts';
import { UserError } from '../errors.ts';
import { similarPath } from '../files/similar-path.ts';
import { nearestOf } from '../nearest.ts';
import { plain } from '../recipe/index.ts';
import { assertCoreIsNewEnough } from './assert-contract.ts';
import { installedRecipes } from './installed-recipes.ts';
import { loadFix } from './load-fix.ts';
import { packageOfModule } from './package-of-module.ts';

/** Which recipe, and from where its package or path is looked up. */
export interface RecipePlace {
  /** `plain`, a name (`support`), a package (`@acme/recipe-claims`) or a path to a module. */
  readonly recipe: string;
  /** Default: the working directory of the process. */
  readonly cwd?: string | undefined;
  /** URL of a program's module (`import.meta.url`), beside which packages are looked for too. */
  readonly program?: string | undefined;
}

/**
 * @throws {UserError} `recipe-invalid` when there is no such module, it does not load, or its package asks for a newer core.
 * @example
 * ```ts
 * import { importRecipeModule } from '@counterweight/core';
 *
 * const module = await importRecipeModule({ recipe: 'support', cwd: process.cwd() });
 * ```
 */
export async function importRecipeModule(place: RecipePlace): Promise<Readonly<Record<string, unknown>>> {
  const url = findRecipeModule(place);
  return url === undefined ? { default: plain() } : importModule(url, place.recipe);
}

/** Where the module is, as a URL; undefined for `plain`, which is core's own. @throws {UserError} where there is none */
export function findRecipeModule(place: RecipePlace): string | undefined {
  assertInstallation();
  if (place.recipe === 'plain') return undefined;
  return isPath(place.recipe) ? pathUrl(place) : packageUrl(place);
}

const isPath = (request: string) =>
  /^\.{0,2}[\\/]/.test(request) || isAbsolute(request) || /\.[cm]?[jt]s$/.test(request);

function pathUrl({ recipe, cwd = process.cwd() }: RecipePlace): string {
  const path = resolve(cwd, recipe);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw recipeError('The recipe module is not there', path, `${similarPath(path)}Check the path given with --recipe.`);
}

function packageUrl({ recipe: request, cwd = process.cwd(), program }: RecipePlace): string {
  const isName = /^[a-z0-9][a-z0-9-]*$/.test(request);
  const candidates = isName
    ? [`@counterweight/recipe-${request}`, `counterweight-recipe-${request}`, request]
    : [request];
  const beside = [pathToFileURL(join(cwd, 'here.js')).href, ...(program ? [program] : []), import.meta.url];
  for (const parent of beside) {
    for (const candidate of candidates) {
      const url = tryResolve(candidate, parent);
      if (url) return url;
    }
  }
  throw recipeError(
    `There is no recipe "${request}"`,
    `looked for the package${candidates.length > 1 ? 's' : ''} ${candidates.join(', ')}`,
    isName ? fixForName(request, beside) : `Check its name. If it is right, install it: npm install ${request}.`,
  );
}

/**
 * A name that is nearly that of a recipe which is here is a slip: nobody should be sent to a registry for it, where
 * anybody may have put something. Otherwise it is said which package of ours the name stands for.
 */
function fixForName(request: string, beside: readonly string[]): string {
  const known = beside.flatMap((url) => installedRecipes(dirname(fileURLToPath(url))));
  const nearest = nearestOf(request, ['plain', ...known]);
  const others = `give the path of a module (./${request}.ts), or use --recipe plain.`;
  return nearest === undefined
    ? `Install it (npm install @counterweight/recipe-${request}), ${others}`
    : `Did you mean ${nearest}? Or: ${others}`;
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
  assertCoreIsNewEnough(packageOfModule(dirname(fileURLToPath(url))), request);
  try {
    return await import(url);
  } catch (cause) {
    const { message } = cause as Error;
    throw recipeError(`Recipe "${request}" does not load: ${message}`, url, loadFix(message), cause);
  }
}

export const recipeError = (problem: string, where: string, fix: string, cause?: unknown) =>
  new UserError({ code: 'recipe-invalid', problem, where, fix, cause });

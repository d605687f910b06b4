import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRecipeModule, type RecipePlace } from './find-recipe-module.ts';

/** Which code a recipe is: for run.json, and to notice that a run is resumed with another. */
export interface RecipeSource {
  /** The module's file, without its folder. */
  readonly file: string;
  /** Of that file alone, not of what it imports. */
  readonly sha256: string;
  /** The package it is in, where it has a name and a version. */
  readonly package?: string;
  readonly version?: string;
}

/**
 * What identifies the module of a recipe; undefined for `plain`, whose version is core's.
 * @throws {UserError} `recipe-invalid` where there is no such module
 * @example
 * ```ts
 * import { describeRecipeSource } from '@counterweight/core';
 *
 * const source = describeRecipeSource({ recipe: './my-recipe.js', cwd: process.cwd() });
 * ```
 */
export function describeRecipeSource(place: RecipePlace): RecipeSource | undefined {
  const url = findRecipeModule(place);
  if (url === undefined) return undefined;
  const path = fileURLToPath(url);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { file: basename(path), sha256, ...packageOf(dirname(path)) };
}

/** The nearest package.json above that has a name and a version. */
function packageOf(folder: string): Pick<RecipeSource, 'package' | 'version'> {
  const { name, version } = manifestIn(folder);
  if (typeof name === 'string' && typeof version === 'string') return { package: name, version };
  const above = dirname(folder);
  return above === folder ? {} : packageOf(above);
}

function manifestIn(folder: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRecipeModule, type RecipePlace } from './find-recipe-module.ts';
import { packageOfModule } from './package-of-module.ts';

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
  const from = packageOfModule(dirname(path));
  return { file: basename(path), sha256, ...(from && { package: from.name, version: from.version }) };
}

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The recipes that can be named here: `plain`, and those that are installed where `resolveRecipe` looks for them.
 * @example
 * ```ts
 * import { listRecipes } from '@counterweight/core';
 *
 * console.log(listRecipes({ cwd: process.cwd() })); // [ 'plain', 'retail', 'support' ]
 * ```
 */
export function listRecipes({
  cwd = process.cwd(),
  program,
}: {
  readonly cwd?: string | undefined;
  /** URL of a program's module, beside which packages are looked for too. */
  readonly program?: string | undefined;
}): string[] {
  const folders = [cwd, ...[program, import.meta.url].flatMap((url) => (url ? [dirname(fileURLToPath(url))] : []))];
  return ['plain', ...[...new Set(folders.flatMap(installedRecipes))].sort()];
}

/** Names of the recipes that are installed where a module of this folder would find them: `support`, `my-claims`. */
export function installedRecipes(folder: string): string[] {
  const modules = join(folder, 'node_modules');
  const own = namesIn(join(modules, '@counterweight')).filter((name) => name.startsWith('recipe-'));
  const others = namesIn(modules).filter((name) => name.startsWith('counterweight-recipe-'));
  const above = dirname(folder);
  const names = [...own, ...others].map((name) => name.replace(/^(counterweight-)?recipe-/, ''));
  return [...new Set([...names, ...(above === folder ? [] : installedRecipes(above))])];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

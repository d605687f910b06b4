import { UserError } from '../errors.ts';
import { version as coreVersion } from '../version.ts';
import type { RecipePackage } from './package-of-module.ts';

/** The version of the recipe contract that this core knows: `specificationVersion` of a recipe. */
const CONTRACT = 1;

/** @throws {UserError} `recipe-invalid` for a recipe that is made for another contract than this core's */
export function assertContract(recipe: unknown, where: string, from?: RecipePackage): void {
  const { specificationVersion, name } = (recipe ?? {}) as { specificationVersion?: unknown; name?: unknown };
  if (typeof specificationVersion !== 'number' || specificationVersion === CONTRACT) return;
  const whose = typeof name === 'string' ? `Recipe "${name}"` : 'The recipe';
  throw new UserError({
    code: 'recipe-invalid',
    problem: `${whose} has specificationVersion ${specificationVersion}, and @counterweight/core ${coreVersion} knows ${CONTRACT}`,
    where,
    fix:
      specificationVersion > CONTRACT
        ? newerCore(from?.core)
        : `Install a newer version of the recipe, one whose specificationVersion is ${CONTRACT}.`,
  });
}

/**
 * Package managers look at a recipe's range of core when they install it, and some only warn.
 * @throws {UserError} `recipe-invalid` where this core is older than the oldest that the range begins with
 */
export function assertCoreIsNewEnough(from: RecipePackage | undefined, where: string, running = coreVersion): void {
  const oldest = /^(?:\^|~|>=)?\s*(\d+\.\d+\.\d+)$/.exec(from?.core ?? '')?.[1];
  if (!from || oldest === undefined || !isOlder(running, oldest)) return;
  throw new UserError({
    code: 'recipe-invalid',
    problem: `${from.name} ${from.version} needs @counterweight/core ${from.core}, and this is ${running}`,
    where,
    fix: newerCore(from.core),
  });
}

const newerCore = (range = 'latest') =>
  `Install the core it is made for (npm install "@counterweight/core@${range}", and @counterweight/cli beside it), ` +
  'or an older version of the recipe.';

/** By major, minor and patch; what stands after a hyphen is not compared. */
function isOlder(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => text.split('-', 1).join().split('.').map(Number));
  const at = other?.findIndex((part, i) => part !== own?.[i]) ?? -1;
  return at >= 0 && Number(own?.[at]) < Number(other?.[at]);
}

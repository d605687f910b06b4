import { UserError } from '../errors.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { MixtureWeights } from './sample-mixture.ts';

/**
 * In which proportions a mixture's examples are drawn; undefined where an epoch is every example once.
 * @param groups the name of the recipe that each example belongs to
 * @throws {UserError} `nothing-to-train-on` when a recipe of the mixture has no rows to draw from
 */
export function mixtureWeightsOf<Row>({ mixture }: Recipe<Row>, groups: readonly string[]): MixtureWeights | undefined {
  if (!mixture?.proportions) return undefined;
  const { proportions: shares } = mixture;
  const missing = Object.keys(shares).find((name) => !groups.includes(name));
  if (missing === undefined) return { groups, shares };
  throw new UserError({
    code: 'nothing-to-train-on',
    problem: `The mixture asks for rows of "${missing}", and there are none.`,
    where: `proportions.${missing}`,
    fix: `Add rows with "recipe": "${missing}" to the data, or take "${missing}" out of the mixture.`,
  });
}

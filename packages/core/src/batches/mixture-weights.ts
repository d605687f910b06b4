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

/**
 * In which proportions the examples of several sources are drawn, as `interleave_datasets` of Hugging Face's datasets has
 * them for its `probabilities`, but exact in every epoch.
 * @param groups the number of the source that each example comes from
 * @throws {UserError} `nothing-to-train-on` when a source has no rows to draw from
 */
export function datasetWeightsOf(
  groups: readonly string[],
  paths: readonly string[],
  proportions: readonly number[],
): MixtureWeights {
  const missing = paths.findIndex((_, i) => !groups.includes(String(i)));
  if (missing >= 0) {
    throw new UserError({
      code: 'nothing-to-train-on',
      problem: `${proportions[missing]} of an epoch is to come from these rows, and none of them is left to train on.`,
      where: paths[missing] as string,
      fix: 'Give rows that fit, or leave the source and its proportion out.',
    });
  }
  const total = proportions.reduce((sum, part) => sum + part, 0);
  return { groups, shares: Object.fromEntries(proportions.map((part, i) => [String(i), part / total])) };
}

/** @throws {UserError} `option-invalid` where proportions and sources differ in number, or a mixture has its own */
export function assertProportions<Row>(
  { mixture }: Recipe<Row>,
  paths: readonly string[],
  proportions: readonly number[] | undefined,
): void {
  if (!proportions) return;
  if (mixture?.proportions) {
    throw invalidProportions(
      'The mixture of recipes has proportions of its own.',
      'Give the proportions of the recipes, or those of the files.',
    );
  }
  if (proportions.length !== paths.length) {
    throw invalidProportions(
      `There are ${proportions.length} proportions for ${paths.length} sources of rows.`,
      'Give one for each file or folder of the data, in their order.',
    );
  }
}

const invalidProportions = (problem: string, fix: string) =>
  new UserError({ code: 'option-invalid', problem, where: 'option dataProportions', fix });

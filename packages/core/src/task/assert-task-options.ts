import { assertInstallation } from '../assert-installation.ts';
import { UserError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import { assertContract } from '../recipe-loading/assert-contract.ts';
import { isRecipe } from '../recipe-loading/resolve-recipe.ts';
import { trainingOptionsSchema } from '../training/options.ts';

/**
 * What a program that TypeScript does not check forgets first.
 * @throws {UserError} `option-invalid`, `recipe-invalid` for a recipe that is made for another core, or
 * `installation-unsupported`
 */
export function assertTaskOptions(options: { readonly recipe?: unknown; readonly model?: unknown } | undefined): void {
  assertInstallation();
  const { recipe, model } = options ?? {};
  assertContract(recipe, 'option recipe');
  if (!isRecipe(recipe)) {
    throw missing(
      'recipe',
      'recipe is not a recipe.',
      'Give what a recipe package makes, such as support(), or plain().',
    );
  }
  assertPath('model', model, "Give a model's folder or hub id, such as ./model or org/name.");
}

/** @throws {UserError} `option-invalid` */
export function assertPath(option: string, value: unknown, fix: string): void {
  if (typeof value !== 'string' || value === '') throw missing(option, `${option} is not a path.`, fix);
}

const missing = (option: string, problem: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where: `option ${option}`, fix });

/** Every name that options have: a list that the compiler holds against their type. */
export type NamesOf<Options> = Readonly<Record<keyof Options, true>>;

/** @throws {UserError} `option-invalid` for a name that there is not, which would be ignored without a word */
export function assertNames(options: object | undefined, known: Readonly<Record<string, true>>): void {
  const unknown = Object.keys(options ?? {}).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const isTraining = 'training' in known && Object.hasOwn(trainingOptionsSchema.shape, unknown);
  const nearest = nearestOf(unknown, Object.keys(known));
  const fix = isTraining
    ? `Put it into training: { training: { ${unknown}: … } }.`
    : nearest
      ? `Did you mean ${nearest}?`
      : `There are ${Object.keys(known).join(', ')}.`;
  throw missing(unknown, `There is no option ${unknown} here.`, fix);
}

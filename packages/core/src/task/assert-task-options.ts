import { UserError } from '../errors.ts';
import { isRecipe } from '../recipe-loading/resolve-recipe.ts';

/**
 * What a program that TypeScript does not check forgets first.
 * @throws {UserError} `option-invalid`
 */
export function assertTaskOptions(options: { readonly recipe?: unknown; readonly model?: unknown } | undefined): void {
  const { recipe, model } = options ?? {};
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

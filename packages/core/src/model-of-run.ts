import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from './errors.ts';
import type { ModelToHold } from './hold-models.ts';
import { resultFolders } from './run/save-result.ts';
import { assertNames, assertPath, type NamesOf } from './task/assert-task-options.ts';
import { type FindRecipe, openRunSubject } from './verify/run-subject.ts';

export interface ModelOfRunOptions {
  /** Default: the name of the run's folder. */
  readonly name?: string | undefined;
  /** The recipe's module where run.json does not name a package: a path, as for `resolveRecipe`. */
  readonly recipe?: string | undefined;
  /** How the recipe is found. Default: `resolveRecipe` from the working directory. */
  readonly findRecipe?: FindRecipe | undefined;
}

const NAMES: NamesOf<ModelOfRunOptions> = { name: true, recipe: true, findRecipe: true };
const READ_AS_TRAINED = ['format', 'templateDate', 'precision', 'quantize', 'quantizeEmbeddings'] as const;

/**
 * What a finished run has made, to be held open: its adapter on the base that it was trained on, or its whole model, read
 * as the run read it, with the run's recipe.
 * @param run the run folder
 * @throws {UserError} where there is no run, none that has come to its end, or where a run in plain text has a recipe that
 * is not found: its layout is what the model was trained in. With a chat template it can be done without.
 * @example
 * ```ts
 * import { holdModels, modelOfRun } from '@counterweight/core';
 *
 * const held = await holdModels({ models: [await modelOfRun('runs/first')] });
 * ```
 */
export async function modelOfRun(run: string, options: ModelOfRunOptions = {}): Promise<ModelToHold> {
  assertPath('run', run, 'Give the run folder that train wrote, such as runs/first.');
  assertNames(options, NAMES);
  const { name, recipe: module, findRecipe } = options;
  const subject = await openRunSubject({ run, recipe: module, findRecipe });
  const { model, training } = subject.description;
  const found = await subject.recipe().catch((error: unknown) => {
    if (training.format === 'chat' && module === undefined) return undefined;
    throw error;
  });
  const { adapter, model: whole } = resultFolders(subject.run);
  const isWhole = !existsSync(adapter);
  if (isWhole && !existsSync(whole)) throw removed(subject.run);
  const known = READ_AS_TRAINED.filter((option) => training[option] !== undefined && training[option] !== null);
  return {
    name: name ?? basename(subject.run),
    ...(isWhole ? { model: whole } : { model: model.folder, adapter }),
    ...(found && { recipe: found.recipe }),
    training: Object.fromEntries(known.map((option) => [option, training[option]])),
  };
}

const removed = (run: string): UserError =>
  new UserError({
    code: 'file-not-found',
    problem: 'The result of this run is not in its folder any more.',
    where: run,
    fix: 'Put its adapter or model back; or go on with the same train command and --resume, which makes it again.',
  });

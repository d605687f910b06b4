import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EvaluationSet } from '../evaluation/evaluation-set.ts';
import type { AnyRecipe } from '../recipe-loading/resolve-recipe.ts';
import { openTask, type Task } from '../task/open-task.ts';
import { readTrainingData } from '../task/read-training-data.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import type { RunSubject, VerifiedDescription } from './run-subject.ts';

/** The task that a run was, as it began, and the rows that it was evaluated on. */
export interface HeldOut {
  readonly task: Task<unknown>;
  readonly set: EvaluationSet<unknown>;
}

/** From the files that run.json names; or why that cannot be. */
export async function openHeldOut(subject: RunSubject): Promise<HeldOut | { readonly skipped: string }> {
  const { description, signal } = subject;
  const found = await subject.recipe().catch((error: Error) => error);
  if (found instanceof Error) return { skipped: `${firstLine(found)}: name the recipe's module with --recipe` };
  const { recipe } = found;
  if (!isDeepStrictEqual(asJson(recipe.options), asJson(description.recipe.options ?? {}))) {
    return { skipped: 'the recipe has other options than it had' };
  }
  const training = trainingOf(description, recipe);
  const { data, evalData, adapter } = description.inputs;
  const before = adapter[0]?.path;
  const task = await openTask({
    ...{ recipe, model: description.model.folder, training, signal },
    ...(before !== undefined && { adapter: dirname(before) }),
  });
  const { heldOut } = await readTrainingData(task, {
    data: pathsOf(data),
    ...(evalData.length > 0 && { evalData: pathsOf(evalData) }),
    evalSplit: description.evalSplit,
  });
  return heldOut ? { task, set: heldOut } : { skipped: 'no rows are held out' };
}

/**
 * The options as they were given. run.json has the weight and length that followed from them: of a share of the prompt
 * none was given, and in a mixture every recipe has its own, unless another was asked for.
 */
function trainingOf({ training }: VerifiedDescription, { mixture, defaults }: AnyRecipe): TrainingOptionsInput {
  const { promptLossWeight, maxLength, dataProportions, ...given } = training;
  const isOwn = (value: unknown, own: unknown) => mixture !== undefined && value === own;
  const hasFraction = training.promptLossFraction !== undefined;
  return {
    ...given,
    ...(!hasFraction && !isOwn(promptLossWeight, defaults.promptLossWeight) && { promptLossWeight }),
    ...(!isOwn(maxLength, defaults.maxLength) && { maxLength }),
  } as TrainingOptionsInput;
}

const pathsOf = (files: VerifiedDescription['inputs']['data']): string[] => files.flatMap(({ path }) => path ?? []);

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? {}));

export const firstLine = ({ message }: Error): string => (message.split('\n')[0] ?? '').replace(/\.$/, '');

import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openEngine } from '../../engine/open-engine.ts';
import { assertEvaluable, evaluateDecoder } from '../../evaluation/evaluate-decoder.ts';
import type { Evaluation } from '../../evaluation/evaluation.ts';
import type { AnyRecipe } from '../../recipe-loading/resolve-recipe.ts';
import { openTrainable } from '../../run/prepare-run.ts';
import { resultFolders } from '../../run/save-result.ts';
import { openTask } from '../../task/open-task.ts';
import { readTrainingData } from '../../task/read-training-data.ts';
import { settlePrecision } from '../../task/settle-precision.ts';
import type { EngineName } from '../../tensor/engine.ts';
import type { TrainingOptionsInput } from '../../training/options.ts';
import type { RunSubject, VerifiedDescription } from '../run-subject.ts';

/** The evaluation of a run's result once more, from the files that run.json names; or why that cannot be. */
export async function repeatEvaluation(subject: RunSubject): Promise<Evaluation | { readonly skipped: string }> {
  const { run, description, engine, signal, onEvaluation } = subject;
  const found = await subject.recipe().catch((error: Error) => error);
  if (found instanceof Error) return { skipped: `${firstLine(found)}: name the recipe's module with --recipe` };
  const { recipe } = found;
  if (!isDeepStrictEqual(asJson(recipe.options), asJson(description.recipe.options ?? {}))) {
    return { skipped: 'the recipe has other options than it had' };
  }
  const training = trainingOf(description, recipe);
  const { data, evalData, adapter } = description.inputs;
  const before = adapter[0]?.path;
  const opened = await openTask({
    ...{ recipe, model: description.model.folder, training, signal },
    ...(before !== undefined && { adapter: dirname(before) }),
  });
  const { heldOut } = await readTrainingData(opened, {
    data: pathsOf(data),
    ...(evalData.length > 0 && { evalData: pathsOf(evalData) }),
    evalSplit: description.evalSplit,
  });
  if (!heldOut) return { skipped: 'no rows are held out' };
  await openEngine(engine ?? (description.engine.name as EngineName));
  const evaluation = await assertEvaluable(opened, heldOut).catch((error: Error) => error);
  if (evaluation instanceof Error) return { skipped: firstLine(evaluation) };
  const task = await settlePrecision(opened, { batches: { batch: { rows: 1, length: 1 }, evaluation } });
  const { decoder } = await openTrainable({ task }, resultFolders(run));
  try {
    return (await evaluateDecoder(decoder, heldOut, { ...task, onProgress: onEvaluation })).evaluation;
  } finally {
    decoder.parameters.dispose();
  }
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

const firstLine = ({ message }: Error): string => (message.split('\n')[0] ?? '').replace(/\.$/, '');

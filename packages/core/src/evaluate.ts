import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { EvaluationEstimate } from './evaluation/estimate-seconds.ts';
import { assertEvaluable, evaluateDecoder, generates } from './evaluation/evaluate-decoder.ts';
import type { Evaluation, EvaluationProgress } from './evaluation/evaluation.ts';
import { writePredictions } from './evaluation/predictions.ts';
import { checkSamples, type Samples } from './evaluation/samples.ts';
import { assertPerturbable } from './evaluation/sensitivity/assert-perturbable.ts';
import { measureSensitivity } from './evaluation/sensitivity/measure-sensitivity.ts';
import type { MeasuredSensitivity } from './evaluation/sensitivity/measured-sensitivity.ts';
import { type AskingOptions, prepareAskings } from './evaluation/sensitivity/prepare-askings.ts';
import type { Sensitivity } from './evaluation/sensitivity/sensitivity.ts';
import { explainWriteError } from './files/write-error.ts';
import type { Data } from './rows/data.ts';
import { openData } from './rows/open-data.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { openModel } from './task/open-model.ts';
import { openTask, TASK_OPTIONS, type TaskOptions } from './task/open-task.ts';
import { readEvaluationSet } from './task/read-examples.ts';

export interface EvaluateOptions<Row> extends TaskOptions<Row> {
  /** Folder or hub id of an adapter in PEFT's layout. */
  readonly adapter?: string | undefined;
  /** Rows to evaluate on: files, folders, or rows in memory. */
  readonly data: Data;
  /** How the outputs that the metrics see are generated. Default: one a row, greedily. */
  readonly sampling?: Samples | undefined;
  /**
   * Asks every row again in other ways that ask for the same: how many answers change, and what the metrics lose, is the
   * field `sensitivity`. `true` is all ways with seed 0.
   */
  readonly perturb?: boolean | Pick<AskingOptions, 'perturbations' | 'seed'> | undefined;
  /** File for what is generated, a line an output (`PredictionRecord`); replaced when the evaluation is done. */
  readonly predictions?: string | undefined;
  /** How far the part that is measured just now is: each begins at 0. */
  readonly onProgress?: EvaluationProgress | undefined;
  /** After the first batch, with what all of it will take, asking again included. */
  readonly onEstimate?: ((estimate: EvaluationEstimate) => void) | undefined;
}

const NAMES: NamesOf<EvaluateOptions<never>> = {
  ...TASK_OPTIONS,
  adapter: true,
  data: true,
  sampling: true,
  perturb: true,
  predictions: true,
  onProgress: true,
  onEstimate: true,
};

/**
 * The loss of a model on rows, and the recipe's metrics on what it generates for them.
 * @throws the reason of the signal once it is aborted
 * @example
 * ```ts
 * import { evaluate } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const { completionLoss, metrics } = await evaluate({
 *   recipe: support(),
 *   model: 'org/name',
 *   adapter: 'runs/first/adapter',
 *   data: 'held-out.csv',
 * });
 * ```
 */
export async function evaluate<Row>(options: EvaluateOptions<Row>): Promise<Evaluation> {
  assertNames(options, NAMES);
  const { sampling, onProgress, onEstimate } = options;
  checkSamples(sampling);
  const perturb = assertPerturbable(options);
  if (options.predictions !== undefined) await assertFolderOf(options.predictions);
  const task = await openTask(options);
  const set = await readEvaluationSet(task, openData(options.data, { map: task.training.map, isReadOnce: true }));
  await assertEvaluable(task, set, sampling);
  const how = { ...perturb, maxNewTokens: sampling?.maxNewTokens, answered: generates(task) };
  const askings = perturb && (await prepareAskings(set, task, how));
  const { decoder, dispose } = await openModel(task, options);
  try {
    const { evaluation, predictions } = await evaluateDecoder(decoder, set, {
      ...task,
      sampling,
      onProgress,
      onEstimate,
      afterwards: askings && [askings.own, ...askings.perturbed.map(({ requests }) => requests)],
    });
    const measured = askings && (await measureSensitivity(decoder, askings, task, { predictions, onProgress }));
    if (options.predictions !== undefined) {
      const records = [...(predictions ?? []), ...(measured?.askings ?? [])];
      await writePredictions(options.predictions, records).catch(unwritable(options.predictions));
    }
    const { dropped } = set.receipt;
    return {
      ...evaluation,
      ...(measured && { sensitivity: withoutRows(measured) }),
      ...(dropped.length > 0 && { dropped }),
    };
  } finally {
    dispose();
  }
}

/** The numbers; the rows are in the file of predictions, where one is asked for. */
const withoutRows = ({ askings: _, perRow: __, ...sensitivity }: MeasuredSensitivity): Sensitivity => sensitivity;

/** Known before the work, and not after it. @throws {UserError} `output-unwritable` */
const assertFolderOf = (file: string): Promise<void> =>
  access(`${dirname(resolve(file))}/`, constants.W_OK).catch(unwritable(file));

const unwritable = (file: string) => (error: unknown) => {
  throw explainWriteError(error, file, '--predictions');
};

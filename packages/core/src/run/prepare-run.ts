import { largestBatch, type TrainingPlan } from '../batches/plan.ts';
import { planStoredBlocks } from '../checkpoint/block-plan.ts';
import { openTrainableModel, type TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { openEngine } from '../engine/open-engine.ts';
import { assertEvaluable } from '../evaluation/evaluate-decoder.ts';
import { measureBaseline } from '../evaluation/measure-baseline.ts';
import type { RecipeSource } from '../recipe-loading/describe-recipe-source.ts';
import type { Data } from '../rows/data.ts';
import { type OpenedData, openData } from '../rows/open-data.ts';
import { assertFits, type LargestBatches } from '../task/check-memory.ts';
import { assertSplit } from '../task/hold-out.ts';
import type { SettledTask } from '../task/open-task.ts';
import { openTask, type TaskOptions } from '../task/open-task.ts';
import { planExamples } from '../task/plan-examples.ts';
import { readTrainingData, type TrainingData } from '../task/read-training-data.ts';
import { settlePrecision } from '../task/settle-precision.ts';
import { stopIdsOf } from '../tokenizer/stop-ids.ts';
import type { Tracker } from '../tracking/tracker.ts';
import type { Communicator } from '../training/communicator.ts';
import { type Selection, selectionOf } from '../training/control.ts';
import type { TrainingEvent } from '../training/events.ts';
import type { TrainingOptions } from '../training/options.ts';
import type { Workers } from '../workers/open-workers.ts';
import { assertDealt, assertWorkersEngine } from './assert-dealt.ts';
import type { ClaimedFolder } from './claim-run-folder.ts';
import { assertSameRun, keptFrom } from './compare-runs.ts';
import { describeInputs, describeRun, type RunDescription } from './describe-run.ts';
import type { ResultFolders } from './save-result.ts';

export interface FineTuneOptions<Row> extends TaskOptions<Row> {
  /** Rows to train on: files, folders, or rows in memory. */
  readonly data: Data;
  /** Folder or hub id of an adapter in PEFT's layout to go on with, in place of a fresh one; its rank, alpha and layers hold. */
  readonly adapter?: string | undefined;
  /** Rows to evaluate on; or `evalSplit`, a share of `data` that is then not trained on. */
  readonly evalData?: Data | undefined;
  /** The share of `data` to hold out and evaluate on, such as 0.1; in place of `evalData`. */
  readonly evalSplit?: number | undefined;
  /** The run folder: new or empty, unless `resume` goes on with the run in it. */
  readonly output: string;
  /** Go on from the newest checkpoint in `output`. Default: false. */
  readonly resume?: boolean | undefined;
  /** Which code the recipe is (`describeRecipeSource`), for run.json: a run is not resumed with another. */
  readonly recipeSource?: RecipeSource | undefined;
  /** The command that the run was started with, as a shell reads it: for the report, which says how to repeat the run. */
  readonly command?: string | undefined;
  /**
   * Whether to measure after training what was forgotten, for the report: loss on neutral text before and after, divergence,
   * distance of the weights. `auto`, the default: where that takes less than about a twentieth of the training.
   */
  readonly measureForgetting?: 'auto' | 'always' | 'never' | undefined;
  /**
   * Processes that train the one model together, started by `mpirun` or `srun`: the micro-batches of a step are dealt to
   * them, so their number must divide `gradientAccumulation`. The losses are those of one process. Default 1.
   */
  readonly workers?: number | undefined;
  /** Where every weight is trained: each worker keeps its share of AdamW's moments only. The result is the same bits. */
  readonly shardOptimizer?: boolean | undefined;
  /** Told of every step, evaluation and checkpoint, as it happens. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
  /** Records of the run elsewhere, such as `tensorboard()`; they cost the run nothing when they fail. */
  readonly trackers?: readonly Tracker[] | undefined;
}

/** A run before its first step: all that is known of it but the weights. */
export interface PreparedRun<Row> {
  readonly options: Pick<
    FineTuneOptions<Row>,
    'resume' | 'command' | 'measureForgetting' | 'shardOptimizer' | 'onEvent'
  >;
  /** With whom it is trained. */
  readonly workers: Communicator;
  readonly folder: ClaimedFolder;
  readonly task: SettledTask<Row>;
  readonly data: TrainingData<Row>;
  readonly plan: TrainingPlan;
  readonly packing: Awaited<ReturnType<typeof planExamples>>['packing'];
  readonly largest: LargestBatches;
  /** What evaluations are compared by. */
  readonly selection: Selection;
  readonly description: RunDescription;
  /** After each checkpoint: what it throws ends the run. */
  readonly onSaved?: (() => Promise<void>) | undefined;
}

/**
 * Reads everything but the weights, and writes nothing.
 * @throws {UserError} where the run cannot be made, or is not the one to be resumed
 */
export async function prepareRun<Row>(
  options: FineTuneOptions<Row>,
  folder: ClaimedFolder,
  workers: Workers,
): Promise<PreparedRun<Row>> {
  const training = options.resume ? await keptFrom(folder.path, options.training) : options.training;
  const opened = await openTask({ ...options, training });
  assertDealt(opened.training, workers, options);
  assertSplit(opened.training, options.evalSplit);
  const inputs = openTrainingData(options, opened.training);
  const data = await readTrainingData(opened, inputs);
  const selection = selectionOf(opened.training, opened.recipe.metrics, data.heldOut !== undefined);
  const evaluation = data.heldOut && (await assertEvaluable(opened, data.heldOut));
  const { plan, packing } = await planExamples(opened, data);
  const engine = await openEngine(options.engine);
  assertWorkersEngine(workers);
  const shards = options.shardOptimizer ? workers.size : undefined;
  const largest = { batch: largestBatch(data.examples, opened.training, packing), evaluation, shards };
  const task = await settlePrecision(opened, { batches: largest });
  await assertFits(task, largest, workers.onThisMachine);
  const { receipt, examples } = data;
  const description = describeRun(
    task,
    { ...options, workers: workers.size },
    {
      engine,
      inputs: await describeInputs(task, inputs),
      receipt,
      lengths: examples.lengths,
      packing,
      steps: plan.steps,
      baseline: await measureBaseline(task, data),
      kept: (await planStoredBlocks(task.modelFolder, task.training, task.vocabulary)).kept,
    },
  );
  if (options.resume) await assertSameRun(folder.path, description);
  return { options, workers, folder, task, data, plan, packing, largest, selection, description };
}

/** What is trained and evaluated on, to be read. @throws {UserError} `option-invalid` for what is neither paths nor rows */
function openTrainingData<Row>(
  { data, evalData, evalSplit }: FineTuneOptions<Row>,
  { map }: TrainingOptions,
): { readonly data: OpenedData; readonly evalData: OpenedData | undefined; readonly evalSplit: number | undefined } {
  return {
    data: openData(data, { map }),
    evalData: evalData === undefined ? undefined : openData(evalData, { option: 'evalData', map }),
    evalSplit,
  };
}

/** As `--model` takes it, where that is not its folder. */
function nameOf({ hub, gguf }: Pick<SettledTask<never>, 'hub' | 'gguf'>): string | undefined {
  if (!hub) return gguf?.files[0];
  return hub.file === undefined ? hub.id : `${hub.id}/${hub.file}`;
}

/** The model to train; or the one that was trained, out of the folders of a result. */
export function openTrainable<Row>(
  { task }: { readonly task: Omit<SettledTask<Row>, 'recipe'> },
  result?: ResultFolders,
): Promise<TrainableModel> {
  const { training, vocabulary, signal } = task;
  if (result && training.method === 'full') return openTrainableModel(result.model, training, { signal });
  return openTrainableModel(task.modelFolder, training, {
    adapter: result?.adapter ?? task.adapter?.folder,
    baseModel: nameOf(task),
    tokenizerFolder: task.textProcessing?.folder,
    stopIds: stopIdsOf(task.tokenizer),
    // A result has its own tables already.
    vocabulary: result ? undefined : vocabulary,
    signal,
  });
}

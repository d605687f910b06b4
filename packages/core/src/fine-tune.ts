import * as tf from '@tensorflow/tfjs-core';
import { largestBatch, type TrainingPlan } from './batches/plan.ts';
import { openTrainableModel, type TrainableModel } from './checkpoint/open-trainable-model.ts';
import { newestCheckpoint, restoreTrainingState, saveTrainingState } from './checkpoint/training-state.ts';
import { assertPrecision } from './engine/assert-precision.ts';
import { describeMachine } from './engine/measure.ts';
import { openEngine } from './engine/open-engine.ts';
import { assertEvaluable, evaluateDecoder } from './evaluation/evaluate-decoder.ts';
import type { Evaluation } from './evaluation/evaluation.ts';
import type { EvaluationSet } from './evaluation/evaluation-set.ts';
import type { RecipeSource } from './recipe-loading/describe-recipe-source.ts';
import { writeReport } from './report/write-report.ts';
import { claimRunFolder } from './run/claim-run-folder.ts';
import { describeRun, type RunDescription } from './run/describe-run.ts';
import { assertSameRun, checkpointsIn, createRunFolder, type RunFolder, reopenRunFolder } from './run/run-folder.ts';
import { assertSplit } from './task/hold-out.ts';
import { openTask, type Task, type TaskOptions } from './task/open-task.ts';
import { planExamples } from './task/plan-examples.ts';
import { readTrainingData } from './task/read-training-data.ts';
import type { Examples } from './tokenization/example.ts';
import { endsEarly, INITIAL_CONTROL, observe, type Selection, selectedValue, selectionOf } from './training/control.ts';
import { assertMemory, estimateMemory } from './training/estimate-memory.ts';
import type { StepMetrics, TrainingEvent } from './training/events.ts';
import { type LoopState, trainingLoop } from './training/loop.ts';
import { freshAdamState } from './training/optimizer/adamw.ts';

export interface FineTuneOptions<Row> extends TaskOptions<Row> {
  readonly data: string | readonly string[];
  /** Folder or hub id of an adapter in PEFT's layout to go on with, in place of a fresh one; its rank, alpha and layers hold. */
  readonly adapter?: string | undefined;
  /** Rows to evaluate on; or `evalSplit`, a share of `data` that is then not trained on. */
  readonly evalData?: string | readonly string[] | undefined;
  readonly evalSplit?: number | undefined;
  /** The run folder: new or empty, unless `resume` goes on with the run in it. */
  readonly output: string;
  readonly resume?: boolean | undefined;
  /** Which code the recipe is (`describeRecipeSource`), for run.json: a run is not resumed with another. */
  readonly recipeSource?: RecipeSource | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

export interface FineTuneResult {
  /** The run folder, absolute. */
  readonly run: string;
  /** Steps made: fewer than planned where evaluations ended the run early. */
  readonly steps: number;
  /** The last evaluation; null without rows to evaluate on. */
  readonly evaluation: Evaluation | null;
}

/**
 * Fine-tunes a model on rows. Nothing is written before options, rows and model are known to be good.
 * @throws {UserError} for every mistake in options, rows, model folder or output folder
 * @example
 * ```ts
 * import { fineTune } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const { run, steps, evaluation } = await fineTune({
 *   recipe: support(),
 *   model: 'org/name',
 *   data: 'train.csv',
 *   evalSplit: 0.1,
 *   output: 'runs/first',
 *   training: { method: 'lora', promptLossWeight: 0.1, epochs: 3 },
 *   onEvent: (event) => event.type === 'step' && console.log(event.metrics.loss),
 * });
 * console.log(run, steps, evaluation?.completionLoss);
 * ```
 */
export async function fineTune<Row>(options: FineTuneOptions<Row>): Promise<FineTuneResult> {
  const folder = await claimRunFolder(options.output, options);
  try {
    return await fineTuneIn(options);
  } finally {
    await folder.release();
  }
}

async function fineTuneIn<Row>(options: FineTuneOptions<Row>): Promise<FineTuneResult> {
  const task = await openTask(options);
  assertSplit(task.training, options.evalSplit);
  const data = await readTrainingData(task, options);
  const { examples, heldOut, receipt } = data;
  const selection = selectionOf(task.training, task.recipe.metrics, heldOut !== undefined);
  if (heldOut) await assertEvaluable(task, heldOut);
  const { plan, packing } = planExamples(task, data);
  const engine = await openEngine(options.engine);
  assertPrecision(task.training.precision);
  const trainee = await openTrainableModel(task.modelFolder, task.training, {
    adapter: task.adapter?.folder,
    baseModel: task.hub?.id,
    words: task.words?.folder,
    vocabulary: task.vocabulary,
  });
  try {
    const largest = largestBatch(examples, task.training, packing);
    const memory = estimateMemory(trainee.decoder, largest, process.memoryUsage.rss());
    assertMemory(memory, describeMachine().totalBytes);
    const description = await describeRun(task, options, { engine, receipt, packing, steps: plan.steps });
    const { run, start } = options.resume
      ? await resume(options.output, description, trainee)
      : await begin(options.output, description, trainee);
    options.onEvent?.({
      type: 'start',
      steps: plan.steps,
      examples: examples.length,
      trainableParameters: trainee.decoder.parameters.trainableSize,
      memory,
      duplicates: data.duplicates,
    });
    return await train(task, options, { examples, heldOut, selection, plan, trainee, run, start });
  } finally {
    trainee.decoder.parameters.dispose();
  }
}

interface Start {
  readonly run: RunFolder;
  readonly start: LoopState;
}

async function begin(output: string, description: RunDescription, { decoder }: TrainableModel): Promise<Start> {
  const run = await createRunFolder(output, description);
  return { run, start: { step: 0, adam: freshAdamState(decoder.parameters.trainableSize) } };
}

/** Goes on after the newest checkpoint, or from the beginning when the run was stopped before its first one. */
async function resume(output: string, description: RunDescription, trainee: TrainableModel): Promise<Start> {
  await assertSameRun(output, description);
  const checkpoint = await newestCheckpoint(checkpointsIn(output));
  if (!checkpoint) return begin(output, description, trainee);
  const start = await restoreTrainingState(checkpoint, trainee.decoder.parameters);
  return { run: await reopenRunFolder(output, start.step), start };
}

interface Training<Row> extends Start {
  readonly examples: Examples;
  readonly heldOut: EvaluationSet<Row> | undefined;
  readonly selection: Selection;
  readonly plan: TrainingPlan;
  readonly trainee: TrainableModel;
}

async function train<Row>(
  task: Task<Row>,
  { signal, onEvent }: FineTuneOptions<Row>,
  { examples, heldOut, selection, plan, trainee, run, start }: Training<Row>,
): Promise<FineTuneResult> {
  const { decoder } = trainee;
  const { training } = task;
  let evaluation: Evaluation | null = null;
  let lastCheckpoint = start.step > 0 ? await newestCheckpoint(run.checkpoints) : undefined;

  const evaluateAt = async (step: number, on: EvaluationSet<Row>) => {
    const onProgress = (done: number, of: number) => onEvent?.({ type: 'evaluation-progress', done, of });
    const evaluated = await evaluateDecoder(decoder, on, { ...task, onProgress });
    evaluation = evaluated.evaluation;
    if (evaluated.predictions) await run.writePredictions(step, evaluated.predictions);
    await run.writeEvaluation(step, evaluation);
    onEvent?.({ type: 'evaluation', step, evaluation });
    return evaluation;
  };
  const decideAt = (step: number, on: Evaluation, before = INITIAL_CONTROL) => {
    const by = { ...training, ...selection };
    const { control, lowered } = observe(before, { step, value: selectedValue(selection, on) }, by);
    if (lowered) onEvent?.({ type: 'learning-rate-lowered', step, factor: control.rateFactor });
    if (endsEarly(control, training))
      onEvent?.({ type: 'early-stop', step, metric: selection.metric, best: control.best });
    return control;
  };
  const checkpointAt = async ({ step, adam }: LoopState) => {
    const state = { step, parameters: decoder.parameters, adam };
    const folder = await saveTrainingState(run.checkpoints, state, training.keepCheckpoints);
    lastCheckpoint = folder;
    onEvent?.({ type: 'checkpoint', step, folder });
  };
  const afterStep = async (metrics: StepMetrics, state: LoopState) => {
    const { step } = metrics;
    await run.writeMetrics(metrics);
    onEvent?.({ type: 'step', steps: plan.steps, metrics });
    const last = step === plan.steps;
    let { control } = state;
    if (heldOut && (last || isDue(training.evaluateEvery, step, plan))) {
      // An abort ends the evaluation; the step that was made is still to be saved.
      const made = await evaluateAt(step, heldOut).catch((error: unknown) => {
        if (!signal?.aborted || error !== signal.reason) throw error;
      });
      if (made) control = decideAt(step, made, control);
    }
    const stopping = signal?.aborted === true;
    if (isDue(training.checkpointEvery, step, plan) || stopping) await checkpointAt({ ...state, control });
    return { goOn: !stopping, control };
  };

  if (heldOut && training.evaluateAtStart && start.step === 0) await evaluateAt(0, heldOut);
  const residentBytes = () => process.memoryUsage.rss();
  const { step, adam } = await trainingLoop(decoder, {
    examples,
    plan,
    training,
    start,
    residentBytes,
    afterStep,
    lastCheckpoint: () => lastCheckpoint,
  });
  tf.dispose([adam.mean, adam.variance]);
  signal?.throwIfAborted();
  await trainee.save(run);
  await writeReport(run.path);
  return { run: run.path, steps: step, evaluation };
}

/** Whether something is due after a step, counted from 1. */
const isDue = (every: number | 'epoch' | undefined, step: number, plan: TrainingPlan): boolean =>
  every === 'epoch' ? plan.at(step).epoch > plan.at(step - 1).epoch : every !== undefined && step % every === 0;

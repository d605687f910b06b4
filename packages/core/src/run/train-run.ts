import * as tf from '@tensorflow/tfjs-core';
import type { TrainingPlan } from '../batches/plan.ts';
import { keepAsBest, newestCheckpoint, saveCheckpoint } from '../checkpoint/checkpoints.ts';
import type { TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { emptyPool } from '../engine/empty-pool.ts';
import { explainWriteError } from '../files/write-error.ts';
import { NO_SURPRISES, type ParameterSums, type Surprises, surprisesSince } from '../training/changes.ts';
import { anyOf, byFirst, StoppedElsewhere, shareFirst } from '../training/communicator.ts';
import {
  type Control,
  endsEarly,
  INITIAL_CONTROL,
  type Observation,
  observe,
  selectedValue,
} from '../training/control.ts';
import type { StepMetrics } from '../training/events.ts';
import { type LoopState, trainingLoop } from '../training/loop.ts';
import { freshAdamState } from '../training/optimizer/adamw.ts';
import { type Optimizer, shareParameters, wholeOptimizer } from '../training/optimizer/optimizer.ts';
import { shardedOptimizer } from '../training/optimizer/sharded-optimizer.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { type BegunByFirst, beginFirst } from './begin-run.ts';
import { describeWorkers } from './describe-run.ts';
import type { EvaluationAtStep } from './evaluation-line.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunEvaluations } from './run-evaluations.ts';
import { checkpointsIn } from './run-folder.ts';
import { type RunLog, SILENT_LOG } from './run-log.ts';
import { reportUnwritten } from './save-result.ts';

/** Where training begins, and what it writes into. */
export interface BegunRun {
  readonly start: LoopState;
  readonly optimizer: Optimizer;
  readonly log: RunLog;
  /** The parameters as they were before the first step of all, also of a run that is resumed; the first worker's. */
  readonly untrained: ParameterSums;
  /** The same themselves, of an adapter. */
  readonly initial: Float32Array | undefined;
}

/**
 * Begins a new run; or goes on with one after its newest sound checkpoint, from the beginning where there is none. The
 * first worker does; the others take over what it has.
 */
export async function begin<Row>(run: PreparedRun<Row>, { decoder }: TrainableModel): Promise<BegunRun> {
  const { workers, options } = run;
  const { parameters } = decoder;
  const optimizer = (options.shardOptimizer ? shardedOptimizer : wholeOptimizer)(parameters, workers);
  let first: BegunByFirst | undefined;
  const progress = await byFirst(workers, async () => {
    first = await beginFirst(run, decoder);
    if (!first.restored) return undefined;
    const { adam, ...rest } = first.restored;
    return rest;
  });
  await shareParameters(parameters, workers);
  const whole = progress && (first?.restored?.adam ?? freshAdamState(parameters.trainableSize));
  if (whole) for (const moment of [whole.mean, whole.variance]) await shareFirst(workers, moment);
  const adam = whole ? optimizer.keep(whole) : optimizer.fresh();
  const { log = SILENT_LOG, untrained = new Map<string, number>(), initial } = first ?? {};
  return { start: { step: 0, ...progress, adam }, optimizer, log, untrained, initial };
}

/** How a run ended. */
export interface Trained {
  /** Steps made: fewer than planned where evaluations ended the run early. */
  readonly steps: number;
  readonly control: Control;
  readonly skippedSteps: number;
  readonly surprises: Surprises;
}

/** Trains to the end of the plan, or until evaluations end it. @throws the signal's reason, after a checkpoint */
export async function train<Row>(
  run: PreparedRun<Row>,
  { decoder }: TrainableModel,
  begun: BegunRun & { readonly evaluations: RunEvaluations },
): Promise<Trained> {
  const { start, optimizer, log, untrained, evaluations } = begun;
  const { options, folder, task, data, plan, workers } = run;
  const { onEvent } = options;
  const { training, signal } = task;
  const { checkpointAt, lastCheckpoint } = await openCheckpoints(run, decoder, begun);
  const reported = (error: unknown) => reportUnwritten(error, folder.path, onEvent);
  const isStopped = () => anyOf(workers, signal?.aborted === true);

  /** Evaluates where that is due, and decides what follows; the best state is kept at once. */
  const evaluated = async (state: LoopState): Promise<LoopState> => {
    const { step, control = INITIAL_CONTROL } = state;
    const keepsBest = training.keep === 'best';
    // It may have been ended between the checkpoint of its best state and keeping that.
    if (state === start && control.best?.step === step && keepsBest) await checkpointAt(state, reported, true);
    if (!isEvaluated(run, step)) return state;
    // The end is not lost with its evaluation.
    if (step > 0 && step === plan.steps) await checkpointAt(state, reported);
    const observed = await byFirst(workers, async () => {
      const evaluation = await evaluations.at(step);
      if (!evaluation || step === 0 || control.observedStep === step) return undefined;
      return decide(run, { step, evaluation }, control);
    });
    if (!observed) return state;
    const next = { ...state, control: observed.control };
    if (observed.isBest && keepsBest) await checkpointAt(next, reported, true);
    return next;
  };
  const afterStep = async (metrics: StepMetrics, before: LoopState) => {
    await log.writeMetrics(metrics);
    onEvent?.({ type: 'step', steps: plan.steps, metrics });
    const state = await evaluated(before);
    const stopping = await isStopped();
    if (stopping) await checkpointAt(state, explained(folder.path));
    else if (isDue(training.checkpointEvery, metrics.step, plan)) await checkpointAt(state, reported);
    return { goOn: !stopping, control: state.control };
  };

  // A run that was stopped while it evaluated makes up for it.
  const first = await evaluated(start);
  const residentBytes = () => process.memoryUsage.rss();
  const { examples, placesOf } = data;
  const loop = {
    examples,
    placesOf,
    plan,
    training,
    workers,
    optimizer,
    signal,
    residentBytes,
    afterStep,
    lastCheckpoint,
  };
  const ended = (await isStopped()) ? first : await trainingLoop(decoder, { ...loop, start: first });
  const stopped = await isStopped();
  // It may have been stopped within a step.
  if (stopped && ended.step > first.step) await checkpointAt(ended, explained(folder.path));
  tf.dispose([ended.adam.mean, ended.adam.variance]);
  if (stopped) throw signal?.aborted ? signal.reason : new StoppedElsewhere();
  const isMoved = ended.step > 0 && untrained.size > 0;
  const surprises = isMoved ? await surprisesSince(untrained, decoder.parameters) : NO_SURPRISES;
  if (surprises.unmoved.length + surprises.frozenMoved.length > 0) onEvent?.({ type: 'surprises', ...surprises });
  const { step: steps, control = INITIAL_CONTROL, skipped: skippedSteps = 0 } = ended;
  return { steps, control, skippedSteps, surprises };
}

/** The end is evaluated when the result is saved; but where evaluations decide which model that is, before. */
function isEvaluated<Row>({ task: { training }, plan }: PreparedRun<Row>, step: number): boolean {
  if (step === 0) return training.evaluateAtStart;
  return step === plan.steps ? training.keep === 'best' : isDue(training.evaluateEvery, step, plan);
}

/** What follows from an evaluation. */
function decide<Row>(
  { options: { onEvent }, task: { training }, selection }: PreparedRun<Row>,
  { step, evaluation }: EvaluationAtStep,
  before: Control,
): Observation {
  const value = selectedValue(selection, evaluation);
  const observed = observe(before, { step, value }, { ...training, ...selection });
  const { control, lowered } = observed;
  if (lowered) onEvent?.({ type: 'learning-rate-lowered', step, factor: control.rateFactor });
  if (endsEarly(control, training)) {
    onEvent?.({ type: 'early-stop', step, metric: selection.metric, best: control.best });
  }
  return observed;
}

/** Checkpoints are made by all workers together, who may have a part of the state each, and written by the first. */
async function openCheckpoints<Row>(
  { options: { onEvent, shardOptimizer }, folder, task: { training }, workers, onSaved }: PreparedRun<Row>,
  { parameters }: TrainableDecoder,
  { start, optimizer, log }: Pick<BegunRun, 'start' | 'optimizer' | 'log'>,
) {
  const checkpoints = checkpointsIn(folder.path);
  let newest = await byFirst(workers, () => newestCheckpoint(checkpoints));
  let saved: LoopState | undefined = newest === undefined ? undefined : start;
  const save = async (state: LoopState): Promise<string> => {
    await folder.assertHeld();
    emptyPool();
    const madeBy = describeWorkers(workers.size, shardOptimizer);
    const toSave = { state, parameters, workers: madeBy, addFiles: log.copyTo };
    const to = await saveCheckpoint(checkpoints, toSave, training.keepCheckpoints);
    onEvent?.({ type: 'checkpoint', step: state.step, folder: to });
    return to;
  };
  /** @param onFailure what it throws, all workers throw */
  const checkpointAt = async (state: LoopState, onFailure: (error: unknown) => void, isBest = false): Promise<void> => {
    const isSaved = newest !== undefined && saved?.step === state.step && saved.control === state.control;
    const whole = isSaved ? undefined : await optimizer.whole(state.adam);
    const written = await byFirst(workers, async () => {
      let to = isSaved ? newest : undefined;
      try {
        if (whole) to = await save({ ...state, adam: whole.moments });
        if (isBest && to !== undefined) await keepAsBest(checkpoints, to);
      } catch (error) {
        onFailure(error);
        return to;
      }
      if (whole || isBest) await onSaved?.();
      return to;
    }).finally(() => whole?.release());
    if (written === undefined) return;
    newest = written;
    saved = state;
  };
  return { checkpointAt, lastCheckpoint: () => newest };
}

/** Whether something is due after a step, counted from 1. */
const isDue = (every: number | 'epoch' | undefined, step: number, plan: TrainingPlan): boolean =>
  every === 'epoch' ? plan.at(step).epoch > plan.at(step - 1).epoch : every !== undefined && step % every === 0;

const explained = (run: string) => (error: unknown) => {
  throw explainWriteError(error, run, '--output');
};

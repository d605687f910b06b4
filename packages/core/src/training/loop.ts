import * as tf from '@tensorflow/tfjs-core';
import { type Breathe, breather } from '../abort.ts';
import type { MicroBatch, TrainingPlan } from '../batches/plan.ts';
import type { Batch, Examples, WeightedExample } from '../tokenization/example.ts';
import { type Communicator, StoppedElsewhere } from './communicator.ts';
import { type Control, endsEarly, INITIAL_CONTROL } from './control.ts';
import { diverged, namesOf } from './diverged.ts';
import type { StepMetrics } from './events.ts';
import { finiteOrNull, meanLosses } from './loss/loss-sums.ts';
import { type Objective, supervised } from './objective.ts';
import type { AdamState } from './optimizer/adamw.ts';
import type { Optimizer } from './optimizer/optimizer.ts';
import { createWeightBound, type WeightBound } from './optimizer/weight-bound.ts';
import type { TrainingOptions } from './options.ts';
import { learningRateAt, peakLearningRate } from './schedule.ts';
import { type NonFinite, type TrainableDecoder, trainStep } from './step.ts';

export interface LoopOptions {
  readonly examples: Examples;
  readonly plan: TrainingPlan;
  readonly training: TrainingOptions;
  /** Supervised fine-tuning by default. */
  readonly objective?: Objective | undefined;
  /** Where to begin: 0 and fresh moments, or what a checkpoint holds. The loop owns the moments. */
  readonly start: LoopState;
  /** Aborted within a step, the loop ends with the state before that step. */
  readonly signal?: AbortSignal | undefined;
  /** With whom it is trained; by default alone. */
  readonly workers?: Communicator | undefined;
  readonly optimizer?: Optimizer | undefined;
  /** Memory of the process, for the log. */
  readonly residentBytes: () => number;
  /** After every step, with its metrics and what a checkpoint must hold now; awaited. */
  readonly afterStep: (metrics: StepMetrics, state: LoopState) => Promise<AfterStep>;
  /** Where examples come from, by their numbers from 0: for the message about a run that diverged. */
  readonly placesOf?: ((examples: readonly number[]) => Promise<readonly string[]>) | undefined;
  /** The newest checkpoint's folder, for the message about a run that diverged. */
  readonly lastCheckpoint?: (() => string | undefined) | undefined;
}

/** All that decides how a run goes on, beside the parameters. */
export interface LoopState {
  /** Steps done. */
  readonly step: number;
  readonly adam: AdamState;
  /** Steps of these that made no update, because something was not finite. */
  readonly skipped?: number | undefined;
  /** What evaluations have decided so far. */
  readonly control?: Control | undefined;
}

export interface AfterStep {
  readonly goOn: boolean;
  /** Where the step was followed by an evaluation. */
  readonly control?: Control | undefined;
}

/**
 * Trains from the start to the plan's end, or until evaluations end it early, or `afterStep` says to stop. Returns the
 * last state.
 * @throws {UserError} `training-diverged` before an update that something not finite would go into
 */
export async function trainingLoop(decoder: TrainableDecoder, options: LoopOptions): Promise<LoopState> {
  const { plan, training, afterStep } = options;
  const weightBound = createWeightBound();
  // A worker that writes nothing waits for nothing outside: in short steps it would hear of no signal.
  const turnOfEvents = breather(undefined);
  let state = options.start;
  try {
    while (state.step < plan.steps && !endsEarly(state.control ?? INITIAL_CONTROL, training)) {
      await turnOfEvents();
      const { metrics, next } = await oneStep(decoder, state, options, weightBound);
      state = next;
      const { goOn, control = state.control } = await afterStep(metrics, state);
      state = { ...state, control };
      if (!goOn) break;
    }
    return state;
  } catch (error) {
    const isStop = options.signal?.aborted && error === options.signal.reason;
    if (isStop || error instanceof StoppedElsewhere) return state;
    tf.dispose([state.adam.mean, state.adam.variance]);
    throw error;
  }
}

async function oneStep(
  decoder: TrainableDecoder,
  { step, adam, skipped = 0, control = INITIAL_CONTROL }: LoopState,
  options: LoopOptions,
  weightBound: WeightBound,
): Promise<{ metrics: StepMetrics; next: LoopState }> {
  const { examples, plan, training, objective = supervised(training), residentBytes } = options;
  const startedAt = performance.now();
  const { epoch, microBatches } = plan.at(step);
  const { batches, weightSum } = objective.batches(
    microBatches.map((rows) => rows.map((row) => ({ ...row, examples: row.examples.map(exampleIn(examples)) }))),
  );
  const learningRate =
    control.rateFactor * learningRateAt(step, { ...training, peak: peakLearningRate(training), steps: plan.steps });
  // A step that was left out is none to the optimizer.
  const accumulate = (batch: Batch, microBatch: number, breathe: Breathe) =>
    objective.accumulate(decoder, batch, { seed: training.seed, step, microBatch }, breathe);
  const update = {
    ...training,
    step: step + 1 - skipped,
    learningRate,
    weightBound,
    accumulate,
    workers: options.workers,
    optimizer: options.optimizer,
    signal: options.signal,
  };
  const { sums, gradientNorm, adam: moments, nonFinite } = await trainStep(decoder, adam, batches, update);
  if (nonFinite && training.onNonFinite === 'stop') {
    const rows = await namesOf(examplesOf(nonFinite, microBatches), options.placesOf);
    throw diverged(nonFinite, { step: step + 1, learningRate, rows, checkpoint: options.lastCheckpoint?.() });
  }
  const stepSeconds = (performance.now() - startedAt) / 1000;
  const { roleLosses, ...means } = meanLosses(sums);
  const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
  const metrics: StepMetrics = {
    step: step + 1,
    epoch,
    loss: finiteOrNull(sums.weighted),
    ...means,
    learningRate,
    gradientNorm: finiteOrNull(gradientNorm),
    tokens,
    weightSum,
    tokensPerSecond: tokens / stepSeconds,
    stepSeconds,
    residentBytes: residentBytes(),
    roleLosses,
    ...(nonFinite && { skipped: true }),
  };
  return { metrics, next: { step: step + 1, adam: moments, skipped: skipped + (nonFinite ? 1 : 0), control } };
}

const exampleIn = (examples: Examples) => (i: number) => examples.at(i) as WeightedExample;

/** The examples of the micro-batch whose loss it was, or of all of the step. */
function examplesOf(nonFinite: NonFinite, microBatches: readonly MicroBatch[]): readonly number[] {
  const { what } = nonFinite;
  const own = what === 'loss' ? microBatches.slice(nonFinite.microBatch, nonFinite.microBatch + 1) : microBatches;
  return own.flatMap((rows) => rows.flatMap((row) => row.examples));
}

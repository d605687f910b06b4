import * as tf from '@tensorflow/tfjs-core';
import { breather } from '../abort.ts';
import type { TrainingPlan } from '../batches/plan.ts';
import { keepAsBest, newestCheckpoint, restoreNewest, saveCheckpoint } from '../checkpoint/checkpoints.ts';
import type { TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { explainWriteError } from '../files/write-error.ts';
import { checkMemory } from '../task/check-memory.ts';
import { countDropped } from '../tokenization/receipt.ts';
import {
  NO_SURPRISES,
  type ParameterSums,
  type Surprises,
  sumParameters,
  surprisesSince,
} from '../training/changes.ts';
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
import type { TrainableDecoder } from '../training/step.ts';
import type { EvaluationAtStep } from './evaluation-line.ts';
import { logBegin } from './history.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunEvaluations } from './run-evaluations.ts';
import { beginRun, checkpointsIn } from './run-folder.ts';
import { openRunLog, type RunLog, resetLogs } from './run-log.ts';
import { assertRoom, reportUnwritten } from './save-result.ts';
import { writeShownExamples } from './shown-examples.ts';

/** Where training begins, and what it writes into. */
export interface BegunRun {
  readonly start: LoopState;
  readonly log: RunLog;
  /** The parameters as they were before the first step of all, also of a run that is resumed. */
  readonly untrained: ParameterSums;
  /** The same themselves, of an adapter. */
  readonly initial: Float32Array | undefined;
}

/** Begins a new run; or goes on with one after its newest sound checkpoint, from the beginning where there is none. */
export async function begin<Row>(run: PreparedRun<Row>, { decoder }: TrainableModel): Promise<BegunRun> {
  const { options, folder, data, plan, description } = run;
  const { onEvent } = options;
  const { parameters } = decoder;
  const memory = checkMemory(decoder, run.largest);
  await assertRoom(folder.path, 4 * parameters.trainableSize);
  const untrained = await sumParameters(parameters, breather(run.task.signal));
  const isKept = run.task.training.method === 'lora' && options.measureForgetting !== 'never';
  const initial = isKept ? (await parameters.vector.data<'float32'>()).slice() : undefined;
  const restored = options.resume
    ? await restoreNewest(checkpointsIn(folder.path), parameters, {
        lastStep: plan.steps,
        keep: run.task.training.keepCheckpoints,
        onSkipped: (damaged, { problem }) =>
          onEvent?.({ type: 'checkpoint-skipped', folder: damaged, message: problem }),
      })
    : undefined;
  if (restored) {
    for (const file of await resetLogs(folder.path, restored.folder)) onEvent?.({ type: 'log-restored', file });
  } else {
    await beginRun(folder.path, description);
    await writeShownExamples(folder.path, run).catch((error) => reportUnwritten(error, folder.path, onEvent));
  }
  await logBegin(folder.path, { step: restored?.state.step ?? 0, command: options.command });
  const log = await openRunLog(folder.path, (error) => reportUnwritten(error, folder.path, onEvent));
  const invalid = data.receipt.dropped.filter(({ reason }) => reason === 'invalid');
  onEvent?.({
    type: 'start',
    steps: plan.steps,
    examples: data.examples.length,
    generationRatio: data.receipt.generationRatio,
    dropped: countDropped(data.receipt.dropped),
    unused: data.receipt.unused,
    trainableParameters: parameters.trainableSize,
    precision: run.task.training.precision,
    memory,
    duplicates: data.duplicates,
    ...(invalid.length > 0 && { invalid }),
    ...(data.receipt.evaluationDropped && { evaluationDropped: data.receipt.evaluationDropped }),
    ...(data.receipt.notes && { notes: data.receipt.notes }),
    ...(description.model.blocks && { blocks: description.model.blocks }),
  });
  return {
    start: restored?.state ?? { step: 0, adam: freshAdamState(parameters.trainableSize) },
    log,
    untrained,
    initial,
  };
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
  { start, log, untrained, evaluations }: BegunRun & { readonly evaluations: RunEvaluations },
): Promise<Trained> {
  const { options, folder, task, data, plan } = run;
  const { onEvent } = options;
  const { training, signal } = task;
  const { checkpointAt, keepBest, lastCheckpoint } = await openCheckpoints(run, decoder, { start, log });
  const reported = (error: unknown) => reportUnwritten(error, folder.path, onEvent);

  /** Evaluates where that is due, and decides what follows; the best state is kept at once. */
  const evaluated = async (state: LoopState): Promise<LoopState> => {
    const { step, control = INITIAL_CONTROL } = state;
    // It may have been ended between the checkpoint of its best state and keeping that.
    if (state === start && control.best?.step === step && training.keep === 'best')
      await keepBest(state).catch(reported);
    if (!isEvaluated(run, step)) return state;
    // The end is not lost with its evaluation.
    if (step > 0 && step === plan.steps) await checkpointAt(state).catch(reported);
    const evaluation = await evaluations.at(step);
    if (!evaluation || step === 0 || control.observedStep === step) return state;
    const { isBest, ...decided } = decide(run, { step, evaluation }, control);
    const next = { ...state, control: decided.control };
    if (isBest && training.keep === 'best') await keepBest(next).catch(reported);
    return next;
  };
  const afterStep = async (metrics: StepMetrics, before: LoopState) => {
    await log.writeMetrics(metrics);
    onEvent?.({ type: 'step', steps: plan.steps, metrics });
    const state = await evaluated(before);
    const stopping = signal?.aborted === true;
    if (stopping) await checkpointAt(state).catch(explained(folder.path));
    else if (isDue(training.checkpointEvery, metrics.step, plan)) await checkpointAt(state).catch(reported);
    return { goOn: !stopping, control: state.control };
  };

  // A run that was stopped while it evaluated makes up for it.
  const begun = await evaluated(start);
  const residentBytes = () => process.memoryUsage.rss();
  const { examples, placesOf } = data;
  const loop = { examples, placesOf, plan, training, start: begun, signal, residentBytes, afterStep, lastCheckpoint };
  const ended = signal?.aborted ? begun : await trainingLoop(decoder, loop);
  // It may have been stopped within a step.
  if (signal?.aborted && ended.step > begun.step) await checkpointAt(ended).catch(explained(folder.path));
  tf.dispose([ended.adam.mean, ended.adam.variance]);
  signal?.throwIfAborted();
  const surprises = ended.step > 0 ? await surprisesSince(untrained, decoder.parameters) : NO_SURPRISES;
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

async function openCheckpoints<Row>(
  { options: { onEvent }, folder, task: { training } }: PreparedRun<Row>,
  { parameters }: TrainableDecoder,
  { start, log }: Pick<BegunRun, 'start' | 'log'>,
) {
  const checkpoints = checkpointsIn(folder.path);
  let newest = await newestCheckpoint(checkpoints);
  let saved: LoopState | undefined = newest === undefined ? undefined : start;
  const checkpointAt = async (state: LoopState): Promise<string> => {
    const isSaved = saved?.step === state.step && saved.control === state.control;
    if (isSaved && newest !== undefined) return newest;
    await folder.assertHeld();
    const toSave = { state, parameters, addFiles: log.copyTo };
    newest = await saveCheckpoint(checkpoints, toSave, training.keepCheckpoints);
    saved = state;
    onEvent?.({ type: 'checkpoint', step: state.step, folder: newest });
    return newest;
  };
  return {
    checkpointAt,
    keepBest: async (state: LoopState) => keepAsBest(checkpoints, await checkpointAt(state)),
    lastCheckpoint: () => newest,
  };
}

/** Whether something is due after a step, counted from 1. */
const isDue = (every: number | 'epoch' | undefined, step: number, plan: TrainingPlan): boolean =>
  every === 'epoch' ? plan.at(step).epoch > plan.at(step - 1).epoch : every !== undefined && step % every === 0;

const explained = (run: string) => (error: unknown) => {
  throw explainWriteError(error, run, '--output');
};

import { join } from 'node:path';
import type { TrainableModel } from './checkpoint/open-trainable-model.ts';
import { evaluateDecoder } from './evaluation/evaluate-decoder.ts';
import type { Evaluation, EvaluationProgress } from './evaluation/evaluation.ts';
import { writeReport } from './report/write-report.ts';
import { claimTogether } from './run/claim-together.ts';
import { logEnd } from './run/history.ts';
import { FORGETTING, measureForgetting } from './run/measure-forgetting.ts';
import { type FineTuneOptions, openTrainable, type PreparedRun } from './run/prepare-run.ts';
import { prepareTogether } from './run/prepare-together.ts';
import { type ResultRecord, type RunOutcome, readResultRecord } from './run/result-record.ts';
import { type RunEvaluations, runEvaluations } from './run/run-evaluations.ts';
import { isComplete, METRICS, openRunLog, type RunLog } from './run/run-log.ts';
import { reportUnwritten, resultFolders, saveResult } from './run/save-result.ts';
import { takeBest } from './run/take-best.ts';
import { begin, type Trained, train } from './run/train-run.ts';
import { assertNames, assertPath, type NamesOf } from './task/assert-task-options.ts';
import { TASK_OPTIONS } from './task/open-task.ts';
import { startTracking, type Tracking } from './tracking/tracking.ts';
import { byFirst, StoppedElsewhere } from './training/communicator.ts';
import { joinWorkers } from './workers/open-workers.ts';

export type { FineTuneOptions } from './run/prepare-run.ts';

export interface FineTuneResult {
  /** The run folder, absolute. */
  readonly run: string;
  /** Steps made: fewer than planned where evaluations ended the run early. */
  readonly steps: number;
  /** The step after which the model was what is saved: the last one, or with `keep: 'best'` that of the best evaluation. */
  readonly resultStep: number;
  /** Of the steps, those that made no update because something was not finite (`onNonFinite: 'skip'`). */
  readonly skippedSteps: number;
  /** Parameters that were trained and are, to the bit, what they were; none when all is well. */
  readonly unmoved: readonly string[];
  /** Parameters that were frozen and are other than they were; none when all is well. */
  readonly frozenMoved: readonly string[];
  /** Of what is saved; null without rows to evaluate on, and where it failed. */
  readonly evaluation: Evaluation | null;
  /** Before training, if there was one. */
  readonly evaluationBefore: Evaluation | null;
  /** Why the evaluation failed, if it did: the result is saved all the same. */
  readonly evaluationFailure: string | null;
}

const NAMES: NamesOf<FineTuneOptions<never>> = {
  ...TASK_OPTIONS,
  data: true,
  adapter: true,
  evalData: true,
  evalSplit: true,
  output: true,
  resume: true,
  recipeSource: true,
  command: true,
  measureForgetting: true,
  workers: true,
  shardOptimizer: true,
  onEvent: true,
  trackers: true,
};

/**
 * Fine-tunes a model on rows. Nothing is written before options, rows and model are known to be good, and what was
 * trained is saved before anything else is done with it.
 * @throws {UserError} for every mistake in options, rows, model folder or output folder
 * @throws the signal's reason when it was stopped, with a checkpoint when it had begun to train
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
 *   training: { method: 'lora', promptLossWeight: 0.01, epochs: 3 },
 *   onEvent: (event) => event.type === 'step' && console.log(event.metrics.loss),
 * });
 * console.log(run, steps, evaluation?.completionLoss);
 * ```
 */
export async function fineTune<Row>(options: FineTuneOptions<Row>): Promise<FineTuneResult> {
  assertNames(options, NAMES);
  assertPath('output', options?.output, 'Give the folder that the run is written into, such as runs/first.');
  const workers = await joinWorkers(options.workers);
  workers.enter();
  const folder = await claimTogether(workers, options.output, options);
  // What happens is told once: by the worker that writes.
  const told = workers.rank === 0 ? options : { ...options, onEvent: undefined, trackers: undefined };
  const tracking = startTracking(told);
  let endedTogether = false;
  try {
    const run = await prepareTogether({ ...told, onEvent: tracking.onEvent }, folder, workers);
    const result = await runTogether(run, tracking);
    endedTogether = true;
    await tracking.end({ status: 'finished', ...result });
    return result;
  } catch (error) {
    const isStopped = options.signal?.aborted || error instanceof StoppedElsewhere;
    endedTogether = error instanceof StoppedElsewhere || error === options.signal?.reason;
    await tracking.end({ status: isStopped ? 'stopped' : 'failed', error });
    throw error;
  } finally {
    await folder.release();
    if (endedTogether) await workers.leave();
  }
}

async function runTogether<Row>(run: PreparedRun<Row>, tracking: Tracking): Promise<FineTuneResult> {
  const { description, folder, workers, options, task } = run;
  const record = await byFirst(workers, async () =>
    options.resume ? readResultRecord(folder.path, task.signal) : undefined,
  );
  if (record) {
    tracking.begin({ folder: folder.path, description, step: record.steps });
    return byFirst(workers, () => completeFinished(run, record));
  }
  const trainable = await openTrainable(run);
  try {
    const begun = await begin(run, trainable);
    tracking.begin({ folder: folder.path, description, step: begun.start.step });
    const evaluations = evaluationsOf(run, trainable, begun.log);
    const trained = await train(run, trainable, { ...begun, evaluations });
    // What is left to do the first worker does alone.
    return await byFirst(workers, async () => {
      const saved = await save(run, trainable, { trained, log: begun.log });
      await measureForgetting(run, trainable, begun.initial).catch(unmeasured(run));
      return evaluateResult(run, evaluations, saved);
    });
  } finally {
    trainable.decoder.parameters.dispose();
  }
}

async function save<Row>(
  run: PreparedRun<Row>,
  trainable: TrainableModel,
  { trained, log }: { readonly trained: Trained; readonly log: RunLog },
): Promise<RunOutcome> {
  const { options, folder, task } = run;
  const { onEvent } = options;
  const { training, signal } = task;
  const { steps, skippedSteps, surprises } = trained;
  const outcome = { steps, resultStep: await takeBest(run, trainable, trained), skippedSteps, ...surprises };
  await saveResult({
    outcome,
    run: folder.path,
    assertHeld: folder.assertHeld,
    name: training.method === 'lora' ? 'adapter' : 'model',
    write: (to) => trainable.save({ adapter: to, model: to }),
    waitSeconds: training.saveWaitSeconds,
    signal,
    onEvent,
  });
  await log.flush().catch((error) => reportUnwritten(error, folder.path, onEvent));
  return outcome;
}

function evaluationsOf<Row>(
  { options: { onEvent }, task, data: { heldOut } }: PreparedRun<Row>,
  { decoder }: TrainableModel,
  log: RunLog,
): RunEvaluations {
  const evaluate =
    heldOut &&
    ((onProgress: EvaluationProgress) =>
      evaluateDecoder(decoder, heldOut, {
        ...task,
        withGroups: true,
        onProgress,
        onEstimate: onEvent && ((estimate) => onEvent({ type: 'evaluation-estimate', ...estimate })),
      }));
  return runEvaluations({ evaluate, log, signal: task.signal, onEvent });
}

/** What was forgotten is there to be looked at, and nothing hangs on it. */
const unmeasured =
  <Row>({ folder, task: { signal }, options: { onEvent } }: PreparedRun<Row>) =>
  (error: unknown) => {
    if (signal?.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    onEvent?.({ type: 'saving-failed', path: join(folder.path, FORGETTING), message, secondsLeft: null });
  };

/** The last evaluation and the report: whatever becomes of them, the result is there. */
async function evaluateResult<Row>(
  { options: { onEvent }, folder }: PreparedRun<Row>,
  evaluations: RunEvaluations,
  { steps, resultStep, skippedSteps, unmoved, frozenMoved }: RunOutcome,
): Promise<FineTuneResult> {
  const evaluation = (await evaluations.at(resultStep)) ?? null;
  await logEnd(folder.path, steps);
  await writeReport(folder.path).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    onEvent?.({ type: 'saving-failed', path: join(folder.path, 'report.html'), message, secondsLeft: null });
  });
  const { before, failure } = evaluations;
  return {
    ...{ run: folder.path, steps, resultStep, skippedSteps, unmoved, frozenMoved },
    ...{ evaluation, evaluationBefore: before, evaluationFailure: failure },
  };
}

/** A run that has nothing left to train: what it came to, with the evaluation that may be missing. */
async function completeFinished<Row>(run: PreparedRun<Row>, record: ResultRecord): Promise<FineTuneResult> {
  const { options, folder, data } = run;
  const { onEvent } = options;
  onEvent?.({ type: 'already-finished', steps: record.steps });
  if (!(await isComplete(folder.path, record.steps))) {
    onEvent?.({ type: 'log-incomplete', file: METRICS, steps: record.steps });
  }
  const log = await openRunLog(folder.path, (error) => reportUnwritten(error, folder.path, onEvent));
  const isMissing = data.heldOut && !log.evaluations.some(({ step }) => step === record.resultStep);
  if (!isMissing) return evaluateResult(run, runEvaluations({ log }), record);
  const trainable = await openTrainable(run, resultFolders(folder.path));
  try {
    return await evaluateResult(run, evaluationsOf(run, trainable, log), record);
  } finally {
    trainable.decoder.parameters.dispose();
  }
}

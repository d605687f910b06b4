import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { largestBatch } from '../batches/plan.ts';
import { planStoredBlocks } from '../checkpoint/block-plan.ts';
import { assertEvaluable, type Evaluated, evaluateDecoder } from '../evaluation/evaluate-decoder.ts';
import { measureDistance } from '../evaluation/forgetting/distance.ts';
import { claimRunFolder, RUN } from '../run/claim-run-folder.ts';
import { assertSameRun } from '../run/compare-runs.ts';
import { describeRun } from '../run/describe-run.ts';
import type { PreparedRun } from '../run/prepare-run.ts';
import { runEvaluations } from '../run/run-evaluations.ts';
import { checkpointsIn } from '../run/run-folder.ts';
import { readMetrics } from '../run/run-log.ts';
import { saveResult } from '../run/save-result.ts';
import { takeBest } from '../run/take-best.ts';
import { begin, train } from '../run/train-run.ts';
import { planExamples } from '../task/plan-examples.ts';
import { currentEngine } from '../tensor/engine.ts';
import { ALONE } from '../training/communicator.ts';
import { selectionOf } from '../training/control.ts';
import type { SettledTraining } from '../training/options.ts';
import { measureTrial, measureTuning } from './measure-trial.ts';
import { type Bench, weighted } from './open-bench.ts';
import type { OpenedSweep } from './options.ts';
import { lossDeviation } from './outcomes/loss-deviation.ts';
import type { SweepPlan, Trial } from './plan.ts';
import { trainingOf } from './plan.ts';
import { forgetFailure, type TrialOutcome, writeTrial } from './trial-folder.ts';

/** Places along the way at which a trial is looked at, and rows it is looked at with. */
export const PATH = { points: 8, rows: 100 } as const;

/**
 * Trains and measures one trial in a folder of its own, or goes on with one that was ended there. It is the run that
 * `train` would make with the same options, to the last bit.
 * @throws {UserError} `run-folder-in-use` where another process is at it
 * @throws the signal's reason
 */
export async function runTrial<Row>(
  bench: Bench<Row>,
  { options, plan, trial, folder: output, onSaved }: TrialTask<Row>,
): Promise<TrialOutcome> {
  const startedAt = performance.now();
  const resume = existsSync(join(output, RUN));
  if (!resume) await forgetFailure(output);
  const folder = await claimRunFolder(output, { resume });
  try {
    const { run, promptShare } = await prepareTrial(bench, { options, plan, trial, folder, resume, onSaved });
    const initial = bench.begin(trial.seed);
    const begun = await begin(run, bench.model);
    const evaluate = trial.stage === 'tune' ? undefined : pathOf(bench, run, initial);
    const evaluations = runEvaluations({
      evaluate,
      log: begun.log,
      signal: run.task.signal,
      onEvent: run.options.onEvent,
    });
    const trained = await train(run, bench.model, { ...begun, evaluations });
    const resultStep = await takeBest(run, bench.model, trained);
    await evaluations.at(resultStep);
    await begun.log.flush();
    const { steps, skippedSteps, surprises } = trained;
    if (options.keepModels) {
      await saveResult({
        outcome: { steps, resultStep, skippedSteps, ...surprises },
        run: folder.path,
        assertHeld: folder.assertHeld,
        name: run.task.training.method === 'lora' ? 'adapter' : 'model',
        write: (to) => bench.model.save({ adapter: to, model: to }),
        waitSeconds: run.task.training.saveWaitSeconds,
        signal: run.task.signal,
      });
    }
    const { rows, ...measured } =
      trial.stage === 'tune' ? await measureTuning(bench, run.task) : await measureTrial(bench, run.task, initial);
    const deviation = lossDeviation(await lossesOfLastHalf(folder.path, steps));
    const outcome: TrialOutcome = {
      trial,
      steps,
      resultStep,
      promptShare,
      ...measured,
      outcomes: { ...measured.outcomes, ...(deviation !== null && { lossDeviation: deviation }) },
      path: begun.log.evaluations.map(({ step, evaluation }) => ({
        step,
        validationLoss: evaluation.completionLoss as number,
        distanceL2: evaluation.metrics.distanceL2 as number,
      })),
    };
    await rm(checkpointsIn(folder.path), { recursive: true, force: true });
    await writeTrial(folder.path, { outcome, rows, seconds: (performance.now() - startedAt) / 1000 });
    return outcome;
  } finally {
    await folder.release();
  }
}

export interface TrialTask<Row> {
  readonly options: OpenedSweep<Row>;
  readonly plan: SweepPlan;
  readonly trial: Trial;
  readonly folder: string;
  /** Of a trial that lies elsewhere too: after each checkpoint. */
  readonly onSaved?: (() => Promise<void>) | undefined;
}

/** The run that a trial is: everything of it but the weights. */
async function prepareTrial<Row>(
  bench: Bench<Row>,
  {
    options,
    plan,
    trial,
    folder,
    resume,
    onSaved,
  }: Omit<TrialTask<Row>, 'folder'> & Pick<PreparedRun<Row>, 'folder'> & { readonly resume: boolean },
): Promise<{ run: PreparedRun<Row>; promptShare: number }> {
  const asked = trainingOf(plan, trial);
  const { examples, promptShare } = weighted(bench.data.examples, asked);
  const data = { ...bench.data, examples };
  const { steps } = (await planExamples({ ...bench.task, training: asked }, data)).plan;
  const { templateDate, precision } = bench.task.training;
  const training: SettledTraining = {
    ...asked,
    templateDate,
    precision,
    evaluateAtStart: true,
    evaluateEvery: asked.evaluateEvery ?? Math.ceil(steps / PATH.points),
  };
  const task = { ...bench.task, training, promptLossWeight: training.promptLossWeight ?? 0 };
  const { plan: order, packing } = await planExamples(task, data);
  const description = describeRun(
    task,
    { ...plan, recipeSource: plan.recipe.source },
    {
      engine: currentEngine(),
      inputs: plan.inputs,
      receipt: data.receipt,
      lengths: examples.lengths,
      packing,
      steps: order.steps,
      kept: (await planStoredBlocks(task.modelFolder, training, task.vocabulary)).kept,
    },
  );
  if (resume) await assertSameRun(folder.path, description);
  const { onEvent } = options;
  const run: PreparedRun<Row> = {
    workers: ALONE,
    onSaved,
    options: {
      resume,
      onEvent: (event) => {
        if (event.type === 'start') onEvent?.({ type: 'trial-start', trial, steps: event.steps });
        if (event.type === 'step')
          onEvent?.({ type: 'trial-step', trial, step: event.metrics.step, steps: event.steps });
      },
    },
    folder,
    task,
    data,
    plan: order,
    packing,
    largest: {
      batch: largestBatch(examples, training, packing),
      evaluation: await assertEvaluable(task, bench.parts.test),
    },
    selection: selectionOf(training, task.recipe.metrics, true),
    description,
  };
  return { run, promptShare };
}

/** Evaluations along the way: losses only and of a few rows, but where they decide how training goes on. */
function pathOf<Row>({ parts, model }: Bench<Row>, { task }: PreparedRun<Row>, initial: Float32Array) {
  const { training } = task;
  const decides =
    training.keep === 'best' || training.earlyStoppingPatience !== undefined || training.plateauPatience !== undefined;
  const own = decides ? training : { ...training, evaluateLossesOnly: true, maxEvalRows: PATH.rows };
  return async (): Promise<Evaluated> => {
    const evaluated = await evaluateDecoder(model.decoder, parts.validation, { ...task, training: own });
    const start = tf.tensor1d(initial);
    const { whole } = await measureDistance(model.decoder, start).finally(() => start.dispose());
    const { evaluation } = evaluated;
    const metrics = { ...evaluation.metrics, distanceL2: whole.l2 };
    return { ...evaluated, predictions: undefined, evaluation: { ...evaluation, metrics } };
  };
}

/** Of the steps of the second half, where the loss has come to rest. */
async function lossesOfLastHalf(run: string, steps: number): Promise<number[]> {
  const metrics = await readMetrics(run);
  return metrics.flatMap(({ step, completionLoss }) =>
    2 * step > steps && completionLoss !== null ? [completionLoss] : [],
  );
}

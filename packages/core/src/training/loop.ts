import { packBatch } from '../batches/batch.ts';
import { normalizeStep } from '../batches/normalize-weights.ts';
import type { TrainingPlan } from '../batches/plan.ts';
import type { Examples, TokenizedExample } from '../tokenization/example.ts';
import type { StepMetrics } from './events.ts';
import { meanLosses } from './loss/loss-sums.ts';
import type { AdamState } from './optimizer/adamw.ts';
import type { TrainingOptions } from './options.ts';
import { peakLearningRate } from './parse-options.ts';
import { learningRateAt } from './schedule.ts';
import { type TrainableDecoder, trainStep } from './step.ts';

export interface LoopOptions {
  readonly examples: Examples;
  readonly plan: TrainingPlan;
  readonly training: TrainingOptions;
  /** Where to begin: 0 and fresh moments, or what a checkpoint holds. The loop owns the moments. */
  readonly start: { readonly step: number; readonly adam: AdamState };
  /** Memory of the process, for the log. */
  readonly residentBytes: () => number;
  /** After every step, with its metrics and the moments as they are now; awaited. Returns whether to go on. */
  readonly afterStep: (metrics: StepMetrics, adam: AdamState) => Promise<boolean>;
}

/** Trains from the start to the plan's end, or until `afterStep` says to stop. Returns the last moments. */
export async function trainingLoop(
  decoder: TrainableDecoder,
  { examples, plan, training, start, residentBytes, afterStep }: LoopOptions,
): Promise<AdamState> {
  let { adam } = start;
  for (let step = start.step; step < plan.steps; step++) {
    const startedAt = performance.now();
    const { epoch, microBatches } = plan.at(step);
    const micro = microBatches.map((rows) =>
      packBatch(rows.map((row) => ({ ...row, examples: row.examples.map((i) => examples.at(i) as TokenizedExample) }))),
    );
    const { batches, weightSum } = normalizeStep(micro, training);
    const learningRate = learningRateAt(step, { ...training, peak: peakLearningRate(training), steps: plan.steps });

    const result = await trainStep(decoder, adam, batches, { ...training, step: step + 1, learningRate });
    adam = result.adam;

    const stepSeconds = (performance.now() - startedAt) / 1000;
    const { roleLosses, ...means } = meanLosses(result.sums);
    const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
    const metrics: StepMetrics = {
      step: step + 1,
      epoch,
      loss: result.sums.weighted,
      ...means,
      learningRate,
      gradientNorm: result.gradientNorm,
      tokens,
      weightSum,
      tokensPerSecond: tokens / stepSeconds,
      stepSeconds,
      residentBytes: residentBytes(),
      roleLosses,
    };
    if (!(await afterStep(metrics, adam))) break;
  }
  return adam;
}

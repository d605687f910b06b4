import { fileURLToPath } from 'node:url';
import { support } from '@counterweight/recipe-support';
import * as tf from '@tensorflow/tfjs-core';
import { openTrainee } from '../packages/core/src/checkpoint/open-trainee.ts';
import type { TokenizedExample } from '../packages/core/src/data/example.ts';
import { firstOf } from '../packages/core/src/data/first-of.ts';
import { type Precision, toPrecision } from '../packages/core/src/engine/bfloat16.ts';
import type { Engine } from '../packages/core/src/engine/engine.ts';

export { type EngineChoice, openEngine } from '../packages/core/src/engine/open-engine.ts';

import { product } from '../packages/core/src/engine/product.ts';
import { openTask, readExamples } from '../packages/core/src/task.ts';
import { freshAdamState } from '../packages/core/src/training/adamw.ts';
import type { StepMetrics } from '../packages/core/src/training/events.ts';
import { trainingLoop } from '../packages/core/src/training/loop.ts';
import type { TrainingOptionsInput } from '../packages/core/src/training/options.ts';
import { parseTrainingOptions } from '../packages/core/src/training/parse-options.ts';
import type { TrainingPlan } from '../packages/core/src/training/plan.ts';
import type { Job, JobExample } from './job.ts';

/** All that the benchmarks use of the engine's inside. A change of ours is met here, and only here. */

/** Trains on the job's batches, one step each, with the product's own loop. */
export async function train(
  job: Job,
  own: Pick<TrainingOptionsInput, 'precision'>,
  steps: number,
  afterStep: (metrics: StepMetrics) => void,
): Promise<void> {
  const { learningRate, weightDecay, maxGradientNorm, scheduleSteps } = job.settings;
  const method = job.adapter === undefined ? 'full' : 'lora';
  const settings = { learningRate, weightDecay, maxGradientNorm, schedule: 'linear' } as const;
  const training = parseTrainingOptions({ method, ...settings, ...own });
  const { decoder } = await openTrainee(job.model, training, { adapter: job.adapter });
  const microBatches = job.batches.map((batch) => batch.map((i) => ({ examples: [i], prefix: 0 })));
  const plan: TrainingPlan = {
    steps: scheduleSteps,
    at: (step) => ({ epoch: 0, microBatches: microBatches.slice(step, step + 1) }),
    batchesIn: () => microBatches,
  };
  await trainingLoop(decoder, {
    examples: job.examples.map(tokenized),
    plan,
    training,
    start: { step: 0, adam: freshAdamState(decoder.parameters.trainableSize) },
    residentBytes: () => process.memoryUsage.rss(),
    afterStep: async (metrics) => {
      afterStep(metrics);
      return metrics.step < steps;
    },
  });
}

/** The file's weights say what counts; prompt and completion need not be told apart here. */
const tokenized = ({ ids, weights }: JobExample): TokenizedExample => ({
  ids,
  weights,
  classes: ids.map((_, i) => (i === 0 ? 'bos' : 'assistant')),
  promptLength: 1,
  cutTokens: 0,
});

/** GFLOP/s of [1024, 576] × [576, 1536], the best of some runs: what the machine can do, not what it does on average. */
export async function productRates(engine: Engine, runs = 9): Promise<Record<string, number>> {
  const precisions: readonly Precision[] = engine.fusedKernels ? ['f32', 'bf16'] : ['f32'];
  const rates: Record<string, number> = {};
  for (const precision of precisions) {
    const a = toPrecision(tf.randomNormal([1024, 576]), precision);
    const b = toPrecision(tf.randomNormal([576, 1536]), precision);
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const began = performance.now();
      const result = product(a, b);
      // Reading values back waits for an engine that works in the background; a corner would do where it can be cut out.
      if (precision === 'f32') await tf.slice(result, [0, 0], [1, 1]).data();
      seconds.push((performance.now() - began) / 1000);
      result.dispose();
    }
    rates[precision] = (2 * 1024 * 576 * 1536) / Math.min(...seconds) / 1e9;
  }
  return rates;
}

/** The rows of the quickstart and as many more, as the support recipe and this model's tokenizer make them. */
export async function supportExamples(model: string): Promise<readonly JobExample[]> {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const rows = [at('../packages/recipe-support/fixtures/banking77-train.csv'), at('data/banking77-more.csv')];
  const { examples } = await readExamples(await openTask({ recipe: support(), model }), rows);
  return firstOf(examples);
}

import * as tf from '@tensorflow/tfjs-core';
import { atOnce } from '../packages/core/src/abort.ts';
import { lengthGroupedBatches } from '../packages/core/src/batches/length-grouped-batches.ts';
import { targetWeight } from '../packages/core/src/batches/loss-weights.ts';
import { packEpoch, planPacking } from '../packages/core/src/batches/pack.ts';
import type { MicroBatch, TrainingPlan } from '../packages/core/src/batches/plan.ts';
import { takeExamples } from '../packages/core/src/batches/take-examples.ts';
import { openTrainableModel } from '../packages/core/src/checkpoint/open-trainable-model.ts';
import { loadModel } from '../packages/core/src/checkpoint/pretrained/load-model.ts';
import { type EngineChoice, openEngine } from '../packages/core/src/engine/open-engine.ts';
import { surveyEngines } from '../packages/core/src/engine/survey.ts';
import { exportModel } from '../packages/core/src/export-model.ts';
import { generateIds } from '../packages/core/src/generation/generate-ids.ts';
import { createParameterStore } from '../packages/core/src/model/parameters/parameter-store.ts';
import { createRandom } from '../packages/core/src/random.ts';
import { openTask } from '../packages/core/src/task/open-task.ts';
import { readExamples } from '../packages/core/src/task/read-examples.ts';
import { type Precision, toPrecision } from '../packages/core/src/tensor/bfloat16.ts';
import type { Engine } from '../packages/core/src/tensor/engine.ts';
import { product } from '../packages/core/src/tensor/product.ts';
import { examplesOf, exampleWith } from '../packages/core/src/test-support/examples.ts';
import type { Examples, PackedRow, WeightedExample } from '../packages/core/src/tokenization/example.ts';
import type { StepMetrics } from '../packages/core/src/training/events.ts';
import { trainingLoop } from '../packages/core/src/training/loop.ts';
import { freshAdamState } from '../packages/core/src/training/optimizer/adamw.ts';
import type { TrainingOptionsInput } from '../packages/core/src/training/options.ts';
import { parseTrainingOptions } from '../packages/core/src/training/parse-options.ts';
import type { Job, JobExample } from './job.ts';
import { ENGINES, type EngineName } from './options.ts';

/** All that the benchmarks use of the engine's inside. A change of ours is met here, and only here. */
export {
  createRandom,
  type EngineChoice,
  lengthGroupedBatches,
  openEngine,
  openTask,
  readExamples,
  takeExamples,
  targetWeight,
};

/** Our engines that are here, in the order of the tables. */
export async function usableEngines(): Promise<EngineName[]> {
  const usable = (await surveyEngines()).filter((engine) => engine.usable).map(({ name }) => name);
  return ENGINES.filter((name) => usable.includes(name));
}

type Own = Pick<TrainingOptionsInput, 'packing' | 'recompute' | 'quantize' | 'quantizeEmbeddings'> & {
  readonly precision?: Precision | undefined;
};

/** Trains on the job's batches, one step each, with the product's own loop. */
export async function train(
  job: Job,
  own: Own,
  steps: number,
  afterStep: (metrics: StepMetrics) => void,
): Promise<void> {
  const { learningRate, weightDecay, maxGradientNorm, scheduleSteps } = job.settings;
  const method = job.adapter === undefined ? 'full' : 'lora';
  const settings = { learningRate, weightDecay, maxGradientNorm, schedule: 'linear' } as const;
  const { precision = 'f32', ...options } = own;
  const training = { ...parseTrainingOptions({ method, ...settings, ...options }), precision };
  const { decoder } = await openTrainableModel(job.model, training, { adapter: job.adapter });
  const examples = examplesOf(job.examples.map(tokenized));
  const microBatches = job.batches.slice(0, steps).map((batch) => rowsOf(batch, examples, own.packing ?? 'none'));
  const plan: TrainingPlan = {
    steps: scheduleSteps,
    at: (step) => ({ epoch: 0, microBatches: microBatches.slice(step, step + 1) }),
    batchesIn: () => microBatches,
  };
  await trainingLoop(decoder, {
    examples,
    plan,
    training,
    start: { step: 0, adam: freshAdamState(decoder.parameters.trainableSize) },
    residentBytes: () => process.memoryUsage.rss(),
    afterStep: async (metrics) => {
      afterStep(metrics);
      return { goOn: metrics.step < steps };
    },
  });
}

/** Places in a packed row. */
const ROW_LENGTH = 512;

/** The examples of one step as rows: packed among themselves, so that the step's work is the other side's. */
function rowsOf(batch: readonly number[], all: Examples, packing: NonNullable<Own['packing']>): MicroBatch {
  const examples = examplesOf(batch.map((i) => all.at(i) as WeightedExample));
  const planned = atOnce(planPacking(examples, { packing, maxLength: ROW_LENGTH }));
  if (!planned) return batch.map((i) => ({ examples: [i], prefix: 0 }));
  const drawn = batch.map((_, place) => place);
  const rows = packEpoch(planned, { drawn, seed: 0, epoch: 0, shuffle: false });
  return rows.map((row): PackedRow<number> => ({ ...row, examples: row.examples.map((i) => batch[i] as number) }));
}

/** The file's weights say what counts; prompt and completion need not be told apart here. */
const tokenized = ({ ids, weights }: JobExample): WeightedExample =>
  exampleWith({ ids, weights, roles: ids.map((_, i) => (i === 0 ? 'bos' : 'assistant')) });

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

export type Quantize = TrainingOptionsInput['quantize'];

interface GenerationRun {
  readonly precision: Precision;
  readonly quantize?: Quantize;
  readonly newTokens: number;
  readonly times: number;
}

/** Continues prompts greedily, so many tokens each, as often as asked for. Gives the ids and the seconds of each time. */
export async function generate(
  folder: string,
  prompts: readonly (readonly number[])[],
  { precision, quantize, newTokens, times }: GenerationRun,
): Promise<{ ids: number[][]; seconds: number[] }> {
  const quantization = { quantize, quantizeEmbeddings: false, vocabulary: undefined };
  const { config, blocks, tensors } = await loadModel(folder, precision, { quantization });
  const decoder = { config, blocks, parameters: createParameterStore(tensors, [], precision) };
  const seconds: number[] = [];
  let ids: number[][] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    ids = await generateIds(decoder, prompts, { eosId: -1, maxNewTokens: newTokens, temperature: 0 });
    seconds.push((performance.now() - began) / 1000);
  }
  return { ids, seconds };
}

/** The model as a GGUF file in f32. */
export const exportGguf = (model: string, output: string): Promise<unknown> =>
  exportModel({ model, to: 'gguf', type: 'f32', output });

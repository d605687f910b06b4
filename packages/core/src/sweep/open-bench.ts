import * as tf from '@tensorflow/tfjs-core';
import { breather } from '../abort.ts';
import { addTargetWeights, roleWeights } from '../batches/loss-weights.ts';
import { largestBatch } from '../batches/plan.ts';
import { pickExamples } from '../batches/take-examples.ts';
import { freshMatrices } from '../checkpoint/adapter/adapt-model.ts';
import type { TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { openEngine } from '../engine/open-engine.ts';
import { drawNumbers, type EvaluationSet } from '../evaluation/evaluation-set.ts';
import { type NeutralReference, neutralExamples, neutralReference } from '../evaluation/forgetting/neutral.ts';
import { NEUTRAL_TEXT } from '../evaluation/forgetting/neutral-text.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import { createRandom } from '../random.ts';
import { openTrainable } from '../run/prepare-run.ts';
import { assertSplit } from '../task/hold-out.ts';
import type { SettledTask } from '../task/open-task.ts';
import { openTask, type Task } from '../task/open-task.ts';
import { readTrainingData, type TrainingData } from '../task/read-training-data.ts';
import { settlePrecision } from '../task/settle-precision.ts';
import { createUploadBuffer, uploadFloat32 } from '../tensor/upload.ts';
import { type Examples, withRoleWeights } from '../tokenization/example.ts';
import type { TrainingOptions } from '../training/options.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { type HeldOutParts, partsOf } from './held-out.ts';
import type { OpenedSweep } from './options.ts';
import { LOOP_OPTIONS, type SweepPlan } from './plan.ts';

/** Rows read and tokenized, all of them without a word of loss weights. */
export interface SweepData<Row> {
  /** Of weight 0: every row has something to learn at any weight. */
  readonly task: Task<Row>;
  readonly data: TrainingData<Row>;
  readonly parts: HeldOutParts<Row>;
}

/**
 * What trials have in common, opened once: model, rows, and what the model is before training. A trial that differs in
 * more than what the loop reads needs another bench.
 */
export interface Bench<Row> extends SweepData<Row> {
  readonly task: SettledTask<Row>;
  readonly model: TrainableModel;
  /** Some of the rows to train on, to see what was learnt by heart. */
  readonly sample: EvaluationSet<Row>;
  readonly neutral: NeutralReference;
  /** Puts the weights back to what a run of this seed begins with. @returns them, in the order of the flat vector */
  begin(seed: number): Float32Array;
  dispose(): void;
}

/** Rows to train on that are looked at again, at most. */
const SAMPLE_ROWS = 100;
const SAMPLE_STREAM = 0x5a3f;

/** The options that make a bench another one. */
export const benchKey = (training: TrainingOptions): string =>
  JSON.stringify(Object.entries(training).filter(([name]) => !LOOP_OPTIONS.includes(name)));

/** Reads the rows of a sweep. No weights of the model are read yet. */
export async function openSweepData<Row>(
  options: OpenedSweep<Row>,
  { evalSplit, tune }: Pick<SweepPlan, 'evalSplit' | 'tune'>,
  training: TrainingOptions,
): Promise<SweepData<Row>> {
  const task = await openTask({ ...options, training: { ...training, promptLossWeight: 0 } });
  assertSplit(task.training, evalSplit);
  const { splitSeed } = task.training;
  const data = await readTrainingData(task, { ...options, evalSplit });
  const heldOut = data.heldOut as EvaluationSet<Row>;
  return { task, data, parts: partsOf(heldOut, { splitSeed, tuned: tune !== undefined }) };
}

export async function openBench<Row>(
  options: OpenedSweep<Row>,
  plan: Pick<SweepPlan, 'evalSplit' | 'tune'>,
  training: TrainingOptions,
): Promise<Bench<Row>> {
  const opened = await openSweepData(options, plan, training);
  await openEngine(options.engine);
  const batch = largestBatch(opened.data.examples, training);
  const task = await settlePrecision(opened.task, { batches: { batch, evaluation: undefined } });
  const model = await openTrainable({ task });
  const { decoder } = model;
  const beginning = beginningOf(decoder, { ...task.training, isStored: task.adapter !== undefined });
  const examples = neutralExamples(options.neutral ?? NEUTRAL_TEXT, task);
  return {
    ...opened,
    task,
    model,
    sample: await sampleOf(opened),
    neutral: await neutralReference(decoder, examples, breather(task.signal)),
    begin(seed) {
      const values = beginning(seed);
      decoder.parameters.replaceVector(uploadFloat32(values, [values.length]) as tf.Tensor1D);
      return values;
    },
    dispose: () => decoder.parameters.dispose(),
  };
}

/**
 * Where a run of a seed begins: at the model's own weights, with an adapter of that seed. What is given out lies so that
 * TensorFlow copies it: it would train in this very memory otherwise, and the next run begin where the last one ended.
 */
function beginningOf(
  { parameters, blocks }: TrainableDecoder,
  { method, isStored }: Pick<TrainingOptions, 'method'> & { readonly isStored: boolean },
): (seed: number) => Float32Array {
  const opened = copied(parameters.vector.dataSync<'float32'>());
  if (method === 'full' || isStored) return () => opened;
  return (seed) => {
    const fresh = freshMatrices(blocks, seed);
    const values = copied(opened);
    let offset = 0;
    for (const { name, shape } of parameters.trainable) {
      const matrix = fresh.get(name);
      if (matrix) values.set(matrix.dataSync<'float32'>(), offset);
      offset += sizeOf(shape);
    }
    tf.dispose([...fresh.values()]);
    return values;
  };
}

function copied(values: Float32Array): Float32Array {
  const copy = createUploadBuffer(values.byteLength).float32(values.length);
  copy.set(values);
  return copy;
}

async function sampleOf<Row>({ task, data }: SweepData<Row>): Promise<EvaluationSet<Row>> {
  const { examples } = data;
  const chosen = drawNumbers(examples.length, SAMPLE_ROWS, createRandom(task.training.splitSeed, SAMPLE_STREAM));
  return { rows: await data.rowsOf(chosen), examples: pickExamples(examples, chosen) };
}

/** The rows to train on under a trial's own weights, and the prompt's share of the whole. */
export function weighted(examples: Examples, training: TrainingOptions): { examples: Examples; promptShare: number } {
  const { promptLossWeight = 0 } = training;
  const own = withRoleWeights(examples, roleWeights({ ...training, promptLossWeight }));
  const weight = { prompt: 0, completion: 0, all: 0 };
  for (let i = 0; i < own.length; i++) addTargetWeights(own.at(i) as NonNullable<ReturnType<Examples['at']>>, weight);
  return { examples: own, promptShare: weight.prompt / weight.all };
}

import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type Breathe, breather } from '../abort.ts';
import { targetWeight } from '../batches/loss-weights.ts';
import type { TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { isLoraB } from '../model/layers/linear.ts';
import type { ParameterStore } from '../model/parameters/parameter-store.ts';
import { sizeOf } from '../model/parameters/parameters.ts';
import { createRandom } from '../random.ts';
import { openTrainable } from '../run/prepare-run.ts';
import type { SettledTask } from '../task/open-task.ts';
import type { PackedRow, WeightedExample } from '../tokenization/example.ts';
import type { SettledTraining } from '../training/options.ts';
import { aloneBatch, definedWeights } from './defined-loss.ts';
import { addedFigures, type Figures } from './figures.ts';
import { roundingTolerance } from './tolerance.ts';

/** What the checks look at: rows, and a model that can be trained on them. */
export interface Subject {
  readonly task: SubjectTask;
  /** As asked for, without the noise that every micro-batch draws anew. */
  readonly training: SettledTraining;
  /** The rows, as examples. */
  readonly examples: readonly WeightedExample[];
  /** How far results may be apart by rounding, as a part of their size. */
  readonly rounding: number;
  readonly breathe: Breathe;
  /** The model, open until `closeModel`. */
  model(): Promise<TrainableModel>;
  /** So that another can be opened, which the machine may have no room for beside it. */
  closeModel(): void;
  /** The same once more, for whoever disposes it. */
  openModel(): Promise<TrainableModel>;
  /** The step as it is defined, every row computed by itself: what other ways to compute it are held against. */
  defined(): Promise<Figures>;
  /** What is to be trained, saved in the way in which a run saves it: an adapter's folder, or a model's. */
  saved(): Promise<string>;
  /** A place in a folder that is removed at the end. */
  path(...names: string[]): string;
}

type SubjectTask = Omit<SettledTask<unknown>, 'recipe'>;

/** Every row in a row of a batch of its own. */
export const oneByOne = (examples: readonly WeightedExample[]): PackedRow<WeightedExample>[] =>
  examples.map((example) => ({ examples: [example], prefix: 0 }));

export async function createSubject(
  task: SubjectTask,
  examples: readonly WeightedExample[],
): Promise<Subject & { close(): Promise<void> }> {
  const training = { ...task.training, neftuneAlpha: 0, loraDropout: 0 };
  const folder = await mkdtemp(join(tmpdir(), `counterweight-verify-${process.pid}-`));
  // A command that is stopped ends its process, without coming back here.
  const onExit = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', onExit);
  let model: TrainableModel | undefined;
  let defined: Figures | undefined;
  let saved: string | undefined;
  const subject: Subject = {
    task,
    training,
    examples,
    rounding: roundingTolerance(task.config, training.precision),
    breathe: breather(task.signal),
    async model() {
      model ??= await subject.openModel();
      return model;
    },
    closeModel() {
      model?.decoder.parameters.dispose();
      model = undefined;
    },
    async openModel() {
      const opened = await openTrainable({ task: { ...task, training } });
      if (task.adapter === undefined) await enliven(opened.decoder.parameters);
      return opened;
    },
    async defined() {
      defined ??= await definedFigures(subject, (await subject.model()).decoder);
      return defined;
    },
    async saved() {
      if (saved !== undefined) return saved;
      const name = training.method === 'lora' ? 'adapter' : 'model';
      const { save } = await subject.model();
      await save({ adapter: subject.path('adapter'), model: subject.path('model') });
      saved = subject.path(name);
      return saved;
    },
    path: (...names) => join(folder, ...names),
  };
  return {
    ...subject,
    async close() {
      subject.closeModel();
      process.off('exit', onExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param decoder of the open engine */
export function definedFigures(
  { examples, training, breathe }: Subject,
  decoder: TrainableModel['decoder'],
): Promise<Figures> {
  const weights = definedWeights(examples, targetWeight, training);
  const batches = examples.map((example, e) => aloneBatch(example, weights[e] as Float64Array));
  return addedFigures(decoder, batches, training, breathe);
}

/** Apart from the streams of orders, splits and adapters. */
const STREAM = 0x7e51f;

/**
 * Gives a fresh adapter something to say: its B is zero, so that A has no gradient, and whatever is done with it changes
 * nothing. The numbers are those of an adapter that has learnt for a while.
 */
async function enliven(parameters: ParameterStore): Promise<void> {
  if (!parameters.trainable.some(({ name }) => isLoraB(name))) return;
  const values = (await parameters.vector.data<'float32'>()).slice();
  const random = createRandom(0, STREAM);
  let offset = 0;
  for (const { name, shape } of parameters.trainable) {
    const end = offset + sizeOf(shape);
    if (isLoraB(name)) for (let i = offset; i < end; i++) values[i] = 0.02 * random.normal();
    offset = end;
  }
  parameters.replaceVector(tf.tensor1d(values));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { breather } from '../abort.ts';
import type { TrainableModel } from '../checkpoint/open-trainable-model.ts';
import { type Distances, measureDistance } from '../evaluation/forgetting/distance.ts';
import { type NeutralReference, neutralExamples, neutralReference } from '../evaluation/forgetting/neutral.ts';
import { NEUTRAL_TEXT } from '../evaluation/forgetting/neutral-text.ts';
import { writeFileDurably } from '../files/durable.ts';
import type { TrainableDecoder } from '../training/step.ts';
import { openTrainable, type PreparedRun } from './prepare-run.ts';
import { readMetrics } from './run-log.ts';

export const FORGETTING = 'forgetting.json';

/** What a training has done to what it was not about: loss and divergence in nats a token. */
export interface Forgetting {
  /** Mean loss over neutral text (`evaluation/forgetting/neutral-text.ts`). */
  readonly neutralLossBefore: number;
  readonly neutralLoss: number;
  /** KL(base ‖ tuned) on it. */
  readonly klBase: number;
  readonly neutralTokens: number;
  readonly distance: Distances;
}

/** Reading forward takes a third of a step; the text is read five times, and a twentieth of the training is much. */
const WORTH = (5 / 3) * 20;

/**
 * Measures the result against the model as it was, and writes down what comes of it. Nothing is kept for it while the model
 * trains but where an adapter began: every weight of a model that is trained whole is read from its files once more,
 * when the moments of the optimizer have given their memory back. The model is then what it was, to the bit.
 * @param initial where an adapter's parameters began
 * @throws what goes wrong; the signal's reason
 */
export async function measureForgetting<Row>(
  run: PreparedRun<Row>,
  { decoder }: TrainableModel,
  initial: Float32Array | undefined,
): Promise<void> {
  const { options, folder, task } = run;
  const { measureForgetting: when = 'auto' } = options;
  if (when === 'never') return;
  const examples = neutralExamples(NEUTRAL_TEXT, { tokenizer: task.tokenizer, maxLength: task.maxLength });
  const tokens = examples.reduce((sum, { ids }) => sum + ids.length, 0);
  const trained = (await readMetrics(folder.path)).reduce((sum, step) => sum + step.tokens, 0);
  if (tokens === 0 || (when === 'auto' && trained < WORTH * tokens)) return;
  const breathe = breather(task.signal);
  const reference = async (base: TrainableDecoder) => {
    const neutral = await neutralReference(base, examples, breathe);
    return { neutral, before: (await neutral.measure(base, breathe)).neutralLoss };
  };
  let measured: { neutral: NeutralReference; before: number; distance: Distances };
  if (initial) {
    const before = await asItBegan(decoder, initial, () => reference(decoder));
    const start = tf.tensor1d(initial);
    measured = { ...before, distance: await measureDistance(decoder, start).finally(() => start.dispose()) };
  } else {
    const { decoder: base } = await openTrainable(run);
    try {
      measured = { ...(await reference(base)), distance: await measureDistance(decoder, base.parameters.vector) };
    } finally {
      base.parameters.dispose();
    }
  }
  const after = await measured.neutral.measure(decoder, breathe);
  const forgetting: Forgetting = {
    ...{ neutralLossBefore: measured.before, ...after, neutralTokens: tokens, distance: measured.distance },
  };
  await writeFileDurably(join(folder.path, FORGETTING), `${JSON.stringify(forgetting)}\n`);
}

/** Does something with the parameters that a training began with, and puts back those that it came to. */
async function asItBegan<Result>(
  { parameters }: TrainableDecoder,
  initial: Float32Array,
  work: () => Promise<Result>,
): Promise<Result> {
  const trained = tf.keep(tf.clone(parameters.vector));
  parameters.replaceVector(tf.tensor1d(initial));
  try {
    return await work();
  } finally {
    parameters.replaceVector(trained);
  }
}

/** Undefined where it was not measured. */
export async function readForgetting(run: string): Promise<Forgetting | undefined> {
  try {
    const value = JSON.parse(await readFile(join(run, FORGETTING), 'utf8')) as Forgetting;
    return typeof value?.klBase === 'number' && value.distance?.whole ? value : undefined;
  } catch {
    return undefined;
  }
}

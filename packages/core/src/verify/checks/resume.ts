import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { planTraining } from '../../batches/plan.ts';
import { openSafetensors } from '../../checkpoint/safetensors/safetensors.ts';
import { restoreTrainingState, STATE, saveTrainingState } from '../../checkpoint/training-state.ts';
import { assertRoom } from '../../run/save-result.ts';
import type { StepMetrics } from '../../training/events.ts';
import { type LoopState, trainingLoop } from '../../training/loop.ts';
import { freshAdamState } from '../../training/optimizer/adamw.ts';
import type { TrainableDecoder } from '../../training/step.ts';
import type { Check, Difference } from '../check.ts';
import { distance } from '../figures.ts';
import type { Subject } from '../subject.ts';
import { EXACT } from '../tolerance.ts';

const STEPS = 4;
const STOPPED_AFTER = 2;
const VECTORS = ['vector', 'mean', 'variance'] as const;
const NAMES: Readonly<Record<(typeof VECTORS)[number], string>> = {
  vector: 'weights',
  mean: 'first moments',
  variance: 'second moments',
};

export const resume: Check<Subject> = {
  name: 'resume',
  claim: 'interrupted and resumed is uninterrupted',
  tolerance: () => 0,
  reason: EXACT,
  meaning: 'A checkpoint does not hold all that training goes on with: a run that is resumed is another run.',
  async measure(subject) {
    subject.closeModel();
    const [whole, half, resumed] = [subject.path('whole'), subject.path('half'), subject.path('resumed')];
    const uninterrupted = await train(subject, { to: STEPS, saveIn: whole });
    const before = await train(subject, { to: STOPPED_AFTER, saveIn: half });
    const after = await train(subject, { from: half, to: STEPS, saveIn: resumed });
    await rm(half, { recursive: true });
    const lines = uninterrupted.map((line, i) => compareLines(line, [...before, ...after][i]));
    const differences = [...lines, ...(await compareStates(whole, resumed))];
    for (const folder of [whole, resumed]) await rm(folder, { recursive: true });
    return differences;
  },
};

interface Stretch {
  /** Folder of the checkpoint to go on from; from the beginning where there is none. */
  readonly from?: string;
  readonly to: number;
  readonly saveIn: string;
}

/** Some steps of one training on the rows, with a model that was opened for it. @returns a line a step, as in the log */
async function train(subject: Subject, { from, to, saveIn }: Stretch): Promise<StepMetrics[]> {
  const { examples, task } = subject;
  const { batchSize, gradientAccumulation } = task.training;
  const training = {
    ...task.training,
    maxSteps: STEPS,
    batchSize: Math.min(batchSize, 2),
    gradientAccumulation: Math.min(gradientAccumulation, 2),
  };
  const lengths = examples.map(({ ids }) => ids.length);
  const list = { length: examples.length, lengths, at: (i: number) => examples[i] };
  const { decoder } = await subject.openModel();
  const lines: StepMetrics[] = [];
  try {
    const state = await trainingLoop(decoder, {
      examples: list,
      plan: planTraining(list, training),
      training,
      start: await beginning(decoder, from),
      signal: task.signal,
      residentBytes: () => 0,
      afterStep: async (metrics) => {
        lines.push(metrics);
        return { goOn: metrics.step < to };
      },
    });
    await assertRoom(subject.path(), 4 * VECTORS.length * decoder.parameters.trainableSize);
    await saveTrainingState(saveIn, { state, parameters: decoder.parameters });
    tf.dispose([state.adam.mean, state.adam.variance]);
  } finally {
    decoder.parameters.dispose();
  }
  return lines;
}

const beginning = async ({ parameters }: TrainableDecoder, from: string | undefined): Promise<LoopState> =>
  from === undefined
    ? { step: 0, adam: freshAdamState(parameters.trainableSize) }
    : restoreTrainingState(from, parameters, { lastStep: STEPS });

/** Figures of a step that do not depend on the machine's mood. */
const COMPARED = ['step', 'epoch', 'loss', 'promptLoss', 'completionLoss', 'learningRate', 'gradientNorm'] as const;

function compareLines(expected: StepMetrics, found: StepMetrics | undefined): Difference {
  const other = COMPARED.find((name) => expected[name] !== found?.[name]);
  if (other === undefined) return { difference: 0, found: '' };
  const [before, now] = [Number(expected[other]), Number(found?.[other])];
  return {
    difference: Math.abs(now - before) / Math.max(1, Math.abs(before)),
    found: `step ${expected.step}, ${other}: ${before} becomes ${now}`,
  };
}

/** One vector at a time: those of a whole model are as large as it. */
async function compareStates(whole: string, resumed: string): Promise<Difference[]> {
  const files = await Promise.all([whole, resumed].map((folder) => openSafetensors(join(folder, STATE))));
  try {
    const differences: Difference[] = [];
    for (const name of VECTORS) {
      const [expected, found] = await Promise.all(files.map((file) => file.read(name)));
      differences.push(compareVectors(NAMES[name], expected as Float32Array, found as Float32Array));
    }
    return differences;
  } finally {
    for (const file of files) await file.close();
  }
}

function compareVectors(name: string, expected: Float32Array, found: Float32Array): Difference {
  const apart = distance(expected, found);
  const difference = apart === 0 ? 0 : apart / Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0));
  return { difference, found: `${name} after step ${STEPS}: off by ${difference.toPrecision(2)} of their length` };
}

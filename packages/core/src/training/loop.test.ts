import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { planTraining } from '../batches/plan.ts';
import { openEngine } from '../engine/open-engine.ts';
import { createRandom } from '../random.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { examplesOf, exampleWith } from '../test-support/examples.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import type { WeightedExample } from '../tokenization/example.ts';
import type { StepMetrics } from './events.ts';
import { type LoopOptions, type LoopState, trainingLoop } from './loop.ts';
import { supervised } from './objective.ts';
import { freshAdamState } from './optimizer/adamw.ts';
import type { TrainingOptionsInput } from './options.ts';
import { parseTrainingOptions } from './parse-options.ts';
import type { TrainableDecoder } from './step.ts';

const LENGTH = 8;

function example(seed: number): WeightedExample {
  const random = createRandom(seed);
  const ids = Array.from({ length: LENGTH }, () => random.integer(tinyConfig.vocabularySize));
  const roles = ids.map((_, i) => (i < 3 ? 'user' : 'assistant'));
  return exampleWith({ ids, roles, weights: ids.map((_, i) => Number(i >= 3)), promptLength: 3 });
}

/** Six steps of an example each; with token-count, a weight decides how large a step's loss and gradient are. */
const examples = Array.from({ length: 6 }, (_, i) => example(i));
const settings = { batchSize: 1, epochs: 1, shuffle: false, lossNormalization: 'token-count' } as const;
/** f32 has no such gradient, f64 has such a loss. */
const withHugeGradient = examples.map((one, i) =>
  i === 3 ? { ...one, segmentWeights: one.segmentWeights.map((weight) => weight * 3e38) } : one,
);
/** An objective whose loss of the fourth step is none. */
const withoutLoss = (options: TrainingOptionsInput): Partial<LoopOptions> => {
  const objective = supervised(parseTrainingOptions({ ...settings, ...options }));
  return {
    objective: {
      ...objective,
      async accumulate(decoder, batch, place) {
        const sums = await objective.accumulate(decoder, batch, place);
        return place.step === 3 ? { ...sums, weighted: Number.NaN } : sums;
      },
    },
  };
};

interface Run {
  readonly decoder: TrainableDecoder;
  readonly metrics: StepMetrics[];
  /** Parameters and moments after every step. */
  readonly states: number[][];
  readonly run: Promise<LoopState>;
}

function train(all: readonly WeightedExample[], options: TrainingOptionsInput, more: Partial<LoopOptions> = {}): Run {
  const decoder = tinyDecoder({ train: 'full' });
  const training = parseTrainingOptions({ ...settings, ...options });
  const metrics: StepMetrics[] = [];
  const states: number[][] = [];
  const run = trainingLoop(decoder, {
    examples: examplesOf(all),
    plan: planTraining(examplesOf(all), training),
    training,
    start: { step: 0, adam: freshAdamState(decoder.parameters.trainableSize) },
    residentBytes: () => 0,
    afterStep: async (line, { adam }) => {
      metrics.push(line);
      states.push([decoder.parameters.vector, adam.mean, adam.variance].flatMap((tensor) => [...tensor.dataSync()]));
      return { goOn: true };
    },
    ...more,
  });
  return { decoder, metrics, states, run };
}

async function finish({ decoder, run }: Run): Promise<void> {
  const { adam } = await run;
  tf.dispose([adam.mean, adam.variance]);
  decoder.parameters.dispose();
}

describe.each(await enginesToTest())('what is not finite, on %s,', (engine) => {
  it.each([
    ['a loss', examples, {}, /^The loss of step 4 is not a finite number/, 3],
    ['a gradient', withHugeGradient, {}, /^The gradient of step 4 is not finite/, 3],
    ['a weight', examples, { learningRate: 1e38 }, /^The update of step 1 would make a weight that is not finite/, 0],
  ])('%s, ends the run before the update, and leaves no tensor behind', async (what, all, options, message, done) => {
    await openEngine(engine);
    const before = tf.memory().numTensors;
    const more = what === 'a loss' ? withoutLoss(options) : {};
    const made = train(all, options, { lastCheckpoint: () => 'checkpoints/step-000002', ...more });
    const error = await made.run.then(
      () => undefined,
      (thrown: unknown) => thrown as Error & { code: string; where: string },
    );
    expect(error?.code).toBe('training-diverged');
    expect(error?.message).toMatch(message);
    expect(error?.where).toContain(`example ${done + 1} of the training data`);
    expect(error?.where).toContain('last good checkpoint: checkpoints/step-000002');
    expect(made.metrics.length).toBe(done);
    expect(made.decoder.parameters.vector.dataSync().every(Number.isFinite)).toBe(true);
    made.decoder.parameters.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['loss', examples],
    ['gradient', withHugeGradient],
  ])('skips a step whose %s it is, as if it had not been, with the rates of the steps', async (what, all) => {
    await openEngine(engine);
    const skipping = { onNonFinite: 'skip', schedule: 'constant' } as const;
    const made = train(all, skipping, what === 'loss' ? withoutLoss(skipping) : {});
    expect((await made.run).skipped).toBe(1);
    expect(made.metrics.map(({ skipped }) => skipped)).toEqual([
      undefined,
      undefined,
      undefined,
      true,
      undefined,
      undefined,
    ]);
    expect(made.states[3]).toEqual(made.states[2]);
    expect(what === 'loss' ? made.metrics[3]?.loss : made.metrics[3]?.gradientNorm).toBeNull();
    // The same without the example: five updates, numbered from 1 to 5.
    const without = train(
      all.filter((_, i) => i !== 3),
      { onNonFinite: 'skip', schedule: 'constant' },
    );
    await without.run;
    expect(made.states.at(-1)).toEqual(without.states.at(-1));
    await finish(made);
    await finish(without);
  });

  it('goes on where a rate is large and weights stay finite', async () => {
    await openEngine(engine);
    const made = train(examples, { learningRate: 1e30, schedule: 'constant', weightDecay: 0, onNonFinite: 'skip' });
    await made.run;
    expect(made.metrics[0]?.skipped).toBeUndefined();
    expect(made.states.at(-1)?.every(Number.isFinite)).toBe(true);
    await finish(made);
  });
});

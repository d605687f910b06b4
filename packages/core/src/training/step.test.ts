import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { makeBatch, packBatch } from '../batches/batch.ts';
import { normalizeStep } from '../batches/normalize-weights.ts';
import { openEngine } from '../engine/open-engine.ts';
import { measureLoss } from '../evaluation/measure-loss.ts';
import { createRandom } from '../random.ts';
import type { Precision } from '../tensor/bfloat16.ts';
import { enginesToTest, skipWithoutBfloat16 } from '../test-support/engines.ts';
import { exampleWith } from '../test-support/examples.ts';
import { plainLosses, type Weights } from '../test-support/plain-decoder.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { type Batch, TokenRole, type TokenRoleName, type WeightedExample } from '../tokenization/example.ts';
import { meanLosses } from './loss/loss-sums.ts';
import { freshAdamState } from './optimizer/adamw.ts';
import { accumulateGradient, type TrainableDecoder, trainStep } from './step.ts';

const LENGTH = 12;

/** Random ids; what comes after the first is the prompt, then the completion. */
function example(seed: number, promptWeight: number, { length = LENGTH, promptLength = 8 } = {}): WeightedExample {
  const random = createRandom(seed);
  const ids = Array.from({ length }, () => random.integer(tinyConfig.vocabularySize));
  const roles = ids.map((_, i): TokenRoleName => (i === 0 ? 'bos' : i < promptLength ? 'user' : 'assistant'));
  const weights = roles.map((name) => ({ bos: 0, user: promptWeight, assistant: 1 })[name as 'bos'] as number);
  return exampleWith({ ids, roles, weights, promptLength });
}

/** The gradient of one step by our own layers, in the order of the flat vector. */
async function ourGradient(decoder: TrainableDecoder, microBatches: readonly (readonly WeightedExample[])[]) {
  const { batches } = normalizeStep(microBatches.map(makeBatch), { lossNormalization: 'weight-sum' });
  let loss = 0;
  for (const batch of batches) loss += (await accumulateGradient(decoder, batch)).weighted;
  const gradient = decoder.parameters.takeGradient();
  const values = gradient.dataSync<'float32'>();
  gradient.dispose();
  return { loss, values };
}

/** The gradient of the mean loss over the counted targets by tfjs's tape through the plain model, in the same order. */
function plainGradient(
  { parameters }: TrainableDecoder,
  examples: readonly WeightedExample[],
  counted: readonly TokenRoleName[],
) {
  const names = parameters.trainable.map(({ name }) => name);
  const codes = counted.map((name): number => TokenRole[name]);
  const counts = examples.flatMap(({ roles }) => Array.from(roles.subarray(1), (role) => Number(codes.includes(role))));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return tf.tidy(() => {
    const meanLoss = (...tensors: tf.Tensor[]): tf.Scalar => {
      const weights: Weights = Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
      const losses = plainLosses(
        tinyConfig,
        weights,
        examples.map(({ ids }) => [...ids]),
      );
      return tf.div(tf.sum(tf.mul(losses, tf.tensor1d(counts))), total);
    };
    const tensors = names.map((name) => parameters.get(name));
    const gradients = tf
      .grads(meanLoss)(tensors)
      .map((gradient) => tf.reshape(gradient, [-1]) as tf.Tensor1D);
    return { loss: meanLoss(...tensors).dataSync()[0] as number, values: tf.concat(gradients).dataSync<'float32'>() };
  });
}

/** The largest difference, over the largest value expected. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return actual.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] as number))), 0) / largest;
}

describe.each(await enginesToTest())('the gradient of a step on %s', (engine) => {
  it.each([
    { promptWeight: 0, loss: 'masked', counted: ['assistant'] as const },
    { promptWeight: 1, loss: 'full', counted: ['user', 'assistant'] as const },
  ])('is that of the $loss loss for a prompt weight of $promptWeight', async ({ promptWeight, counted }) => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: 'full' });
    const examples = [1, 2, 3].map((seed) => example(seed, promptWeight, { promptLength: 5 + seed }));
    const ours = await ourGradient(decoder, [examples]);
    const plain = plainGradient(decoder, examples, counted);
    expect(Math.abs(ours.loss / plain.loss - 1)).toBeLessThan(1e-6);
    expect(relativeError(ours.values, plain.values)).toBeLessThan(1e-6);
    decoder.parameters.dispose();
  });

  it('is the weighted mean of prompt and completion gradients for every weight between', async () => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: 'full' });
    const weight = 0.3;
    const examples = [1, 2].map((seed) => example(seed, weight));
    const prompt = plainGradient(decoder, examples, ['user']);
    const completion = plainGradient(decoder, examples, ['assistant']);
    // Of each example's 11 targets, 7 are prompt and 4 completion.
    const share = (7 * weight) / (7 * weight + 4);
    const expected = prompt.values.map((value, i) => share * value + (1 - share) * (completion.values[i] as number));
    expect(relativeError((await ourGradient(decoder, [examples])).values, expected)).toBeLessThan(1e-6);
    decoder.parameters.dispose();
  });

  it.each([false, true])('does not depend on micro-batches, nor on padding, DoRA %s', async (dora) => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['all-linear'], dora } });
    const examples = [7, 12, 9, 20].map((length, i) => example(i, 0.1, { length, promptLength: 3 + i }));
    const [a, b, c, d] = examples as [WeightedExample, WeightedExample, WeightedExample, WeightedExample];
    const whole = await ourGradient(decoder, [[a, b, c, d]]);
    for (const dealt of [
      [[a], [b], [c], [d]],
      [
        [d, a],
        [c, b],
      ],
      [[b, c, d], [a]],
    ]) {
      const { loss, values } = await ourGradient(decoder, dealt);
      expect(Math.abs(loss / whole.loss - 1)).toBeLessThan(1e-6);
      expect(relativeError(values, whole.values)).toBeLessThan(1e-5);
    }
    decoder.parameters.dispose();
  });
});

describe.each(await enginesToTest())('recomputed blocks on %s', (engine) => {
  const adapters = { rank: 2, alpha: 4, targets: ['all-linear'] };
  it.each(['full', adapters, { ...adapters, dora: true }] as const)(
    'give the losses and gradients of kept ones, and leave nothing behind, training %o',
    async (train) => {
      await openEngine(engine);
      const decoder = tinyDecoder({ train });
      const examples = [1, 2, 3].map((seed) => example(seed, 0.1));
      const kept = await ourGradient(decoder, [examples]);
      const before = tf.memory().numTensors;
      const again = await ourGradient({ ...decoder, recompute: true }, [examples]);
      expect(tf.memory().numTensors).toBe(before);
      expect(Math.abs(again.loss / kept.loss - 1)).toBeLessThan(1e-6);
      expect(relativeError(again.values, kept.values)).toBeLessThan(1e-5);
      decoder.parameters.dispose();
    },
  );
});

const update = { learningRate: 1e-2, weightDecay: 0.01, maxGradientNorm: 1 };
const stepOf = (batch: Batch) => normalizeStep([batch], { lossNormalization: 'weight-sum' }).batches;
const batchesOf = (promptWeight: number) => stepOf(makeBatch([1, 2].map((seed) => example(seed, promptWeight))));

describe.each(await enginesToTest())('a step on %s', (engine) => {
  const adapters = { rank: 2, alpha: 4, targets: ['all-linear'] };

  it.for([
    { name: 'every weight', train: 'full' },
    { name: 'adapters', train: adapters },
    { name: 'adapters in bf16', train: adapters, precision: 'bf16' },
    { name: 'DoRA', train: { ...adapters, dora: true } },
    { name: 'DoRA in bf16, recomputed', train: { ...adapters, dora: true }, precision: 'bf16', recompute: true },
    { name: 'adapters, recomputed', train: adapters, recompute: true },
    { name: 'adapters, on examples in one row behind their common beginning', train: adapters, packed: true },
  ] as const)('learns, and leaves no tensor behind: $name', async ({ train, ...settings }, context) => {
    await openEngine(engine);
    const { precision = 'f32', recompute = false, packed = false } = { ...settings } as Settings;
    skipWithoutBfloat16(context, precision);
    const decoder = { ...tinyDecoder({ train, precision }), recompute };
    const [a, b] = [example(1, 0.1), example(2, 0.1)];
    const common = { ...b, ids: Int32Array.of(...a.ids.slice(0, 6), ...b.ids.slice(6)) };
    const batches = packed ? stepOf(packBatch([{ examples: [a, common], prefix: 5 }])) : batchesOf(0.1);
    let adam = freshAdamState(decoder.parameters.trainableSize);
    const losses: number[] = [];
    const tensors: number[] = [];
    for (let step = 1; step <= 6; step++) {
      const result = await trainStep(decoder, adam, batches, { ...update, step });
      adam = result.adam;
      losses.push(result.sums.weighted);
      tensors.push(tf.memory().numTensors);
    }
    expect(losses.every((loss, i) => i === 0 || loss < (losses[i - 1] as number))).toBe(true);
    expect(new Set(tensors).size).toBe(1);
    tf.dispose([adam.mean, adam.variance]);
    decoder.parameters.dispose();
  });
});

interface Settings {
  readonly precision?: Precision;
  readonly recompute?: boolean;
  readonly packed?: boolean;
}

describe('a step', () => {
  it('with adapters leaves the frozen weights as they were', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: { rank: 2, alpha: 4, targets: ['all-linear'] } });
    const frozen = ['model.embed_tokens.weight', 'model.layers.0.self_attn.qkv_proj.weight', 'model.norm.weight'];
    const before = frozen.map((name) => decoder.parameters.get(name).dataSync().slice());
    const fresh = freshAdamState(decoder.parameters.trainableSize);
    const { adam } = await trainStep(decoder, fresh, batchesOf(1), { ...update, step: 1 });
    expect(frozen.map((name) => decoder.parameters.get(name).dataSync())).toEqual(before);
    tf.dispose([adam.mean, adam.variance]);
    decoder.parameters.dispose();
  });

  it('logs the prompt loss whatever its weight', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'full' });
    const means = [];
    for (const weight of [0, 0.1, 1]) {
      for (const batch of batchesOf(weight)) {
        means.push(meanLosses(await accumulateGradient(decoder, batch)), meanLosses(await measureLoss(decoder, batch)));
      }
    }
    for (const { promptLoss, completionLoss } of means) {
      expect(promptLoss).toBeCloseTo(means[0]?.promptLoss as number, 5);
      expect(completionLoss).toBeCloseTo(means[0]?.completionLoss as number, 5);
    }
    decoder.parameters.dispose();
  });
});

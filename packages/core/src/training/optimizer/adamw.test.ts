import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import type { ParameterGroup } from '../../model/parameters/parameter-groups.ts';
import { enginesToTest } from '../../test-support/engines.ts';
import { largestDifference, randomTensor } from '../../test-support/gradients.ts';
import { adamW, freshAdamState, plainAdamW } from './adamw.ts';
import { globalNorm, plainNorm } from './clip.ts';

/** One parameter in f64, as the paper has it: algorithm 2 of arXiv 1711.05101. */
function scalarAdamW(
  start: number,
  gradients: readonly number[],
  learningRate: (step: number) => number,
  decay: number,
): number {
  let [theta, mean, variance] = [start, 0, 0];
  for (const [i, gradient] of gradients.entries()) {
    const step = i + 1;
    mean = 0.9 * mean + 0.1 * gradient;
    variance = 0.999 * variance + 0.001 * gradient ** 2;
    const meanHat = mean / (1 - 0.9 ** step);
    const varianceHat = variance / (1 - 0.999 ** step);
    theta -= learningRate(step) * (decay * theta + meanHat / (Math.sqrt(varianceHat) + 1e-8));
  }
  return theta;
}

const start = [0.5, -1, 2, 0.1, -0.3];
const gradientAt = (step: number) => start.map((_, i) => Math.sin(3 * i + step) / 10 ** i);
const learningRate = (step: number) => 0.1 / step;
const whole = (size: number, decayedSize: number): ParameterGroup => ({ size, decayedSize, learningRateScale: 1 });
const steps = [1, 2, 3, 4, 5, 6, 7, 8];

describe.each(await enginesToTest())('AdamW on %s', (engine) => {
  const run = async (weightDecay: number, groups: readonly ParameterGroup[]) => {
    await openEngine(engine);
    const before = tf.memory().numTensors;
    let state = { parameters: tf.tensor1d(start), ...freshAdamState(start.length) };
    for (const step of steps) {
      const gradient = tf.tensor1d(gradientAt(step));
      const options = { step, learningRate: learningRate(step), weightDecay, groups, maxGradientNorm: 1e6 };
      const norm = globalNorm(gradient);
      const next = adamW(state.parameters, { vector: gradient, norm }, state, options);
      tf.dispose([gradient, norm]);
      state = next;
    }
    const values = [...state.parameters.dataSync()];
    tf.dispose(Object.values(state));
    expect(tf.memory().numTensors).toBe(before);
    return values;
  };

  it.each([
    ['no decay', 0, 5],
    ['decay of all', 0.1, 5],
    ['decay of the first two', 0.1, 2],
    ['decay of none', 0.1, 0],
  ])('with %s does what the paper says', async (_, weightDecay, decayedSize) => {
    const actual = await run(weightDecay, [whole(start.length, decayedSize)]);
    for (const [i, value] of actual.entries()) {
      const gradients = steps.map((step) => gradientAt(step)[i] as number);
      const expected = scalarAdamW(start[i] as number, gradients, learningRate, i < decayedSize ? weightDecay : 0);
      expect(Math.abs(value - expected)).toBeLessThan(1e-6);
    }
  });

  it('moves a weight of 1 by the rate and decays it by rate × 0.01, whatever the size of its gradient', async () => {
    await openEngine(engine);
    const ones = tf.ones<tf.Rank.R1>([4]);
    const gradient = tf.tensor1d([3, -0.5, 3, -0.5]);
    const groups = [
      { size: 2, decayedSize: 1, learningRateScale: 1 },
      { size: 2, decayedSize: 1, learningRateScale: 16 },
    ];
    const options = { step: 1, learningRate: 0.01, weightDecay: 0.01, groups, maxGradientNorm: 1e6 };
    const norm = globalNorm(gradient);
    const next = adamW(ones, { vector: gradient, norm }, freshAdamState(4), options);
    // 1 − 0.0001 − 0.01 and 1 + 0.01; at 16 times the rate 1 − 0.0016 − 0.16 and 1 + 0.16.
    const byHand = [0.9899, 1.01, 0.8384, 1.16];
    for (const [i, value] of next.parameters.dataSync().entries()) expect(value).toBeCloseTo(byHand[i] as number, 6);
    tf.dispose([gradient, norm, ...Object.values(next)]);
  });

  it('gives every group its own rate, decay included', async () => {
    const groups = [
      { size: 2, decayedSize: 1, learningRateScale: 1 },
      { size: 3, decayedSize: 2, learningRateScale: 16 },
    ];
    const actual = await run(0.1, groups);
    for (const [i, value] of actual.entries()) {
      const gradients = steps.map((step) => gradientAt(step)[i] as number);
      const rate = (step: number) => learningRate(step) * (i < 2 ? 1 : 16);
      const decayed = i === 0 || i === 2 || i === 3;
      const expected = scalarAdamW(start[i] as number, gradients, rate, decayed ? 0.1 : 0);
      expect(Math.abs(value - expected)).toBeLessThan(1e-6);
    }
  });

  it.each([
    ['a lone group', [whole(100_003, 50_001)]],
    ['groups that share memory', [whole(50_000, 40_000), { size: 50_003, decayedSize: 16, learningRateScale: 16 }]],
    ['groups that lie anywhere', [whole(50_001, 40_000), { size: 50_002, decayedSize: 9, learningRateScale: 16 }]],
  ])('clips the gradient to its norm first, and does what its plain twin does, with %s', async (_, groups) => {
    await openEngine(engine);
    const options = { step: 3, learningRate: 0.1, weightDecay: 0.1, groups, maxGradientNorm: 1 };
    const inputs = () => [1, 2, 3, 4].map((seed) => randomTensor([100_003], seed) as tf.Tensor1D);
    const [parameters, gradient, mean, deviation] = inputs() as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const variance = tf.add(tf.square(deviation), 0.1) as tf.Tensor1D;
    const [norm, expectedNorm] = [globalNorm(gradient), plainNorm(gradient)];
    const plain = plainAdamW(parameters, { vector: gradient, norm: expectedNorm }, { mean, variance }, options);
    const next = adamW(parameters, { vector: gradient, norm }, { mean, variance }, options);
    expect(norm.dataSync()[0]).toBeCloseTo(expectedNorm.dataSync()[0] as number, 3);
    expect(norm.dataSync()[0]).toBeGreaterThan(100);
    for (const name of ['parameters', 'mean', 'variance'] as const) {
      expect(largestDifference(next[name], plain[name]), name).toBeLessThan(1e-6);
    }
    tf.dispose([gradient, norm, expectedNorm, deviation, ...Object.values(plain), ...Object.values(next)]);
  });

  it.each([0, 1, 17, 4099])(
    'does what its plain twin does on %i values, NaN and infinities among them',
    async (size) => {
      await openEngine(engine);
      const before = tf.memory().numTensors;
      const groups = [whole(size, size >> 1)];
      const options = { step: 2, learningRate: 0.1, weightDecay: 0.1, groups, maxGradientNorm: 1e6 };
      for (const poison of [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const filled = (seed: number) => tf.tidy(() => randomTensor([size], seed).dataSync<'float32'>().slice());
        const gradient = tf.tensor1d(filled(1).fill(poison, size - 1));
        const state = () => [filled(2), filled(3), filled(4).map(Math.abs)].map((values) => tf.tensor1d(values));
        const update = (by: typeof adamW, normOf: typeof globalNorm) => {
          const [parameters, mean, variance] = state() as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
          const norm = normOf(gradient);
          const next = by(parameters, { vector: gradient, norm }, { mean, variance }, options);
          const values = [next.parameters, next.mean, next.variance, norm].flatMap((tensor) => [...tensor.dataSync()]);
          tf.dispose([parameters, mean, variance, norm, ...Object.values(next)]);
          return values;
        };
        const [actual, expected] = [update(adamW, globalNorm), update(plainAdamW, plainNorm)];
        expect(actual.length).toBe(expected.length);
        for (const [i, value] of expected.entries()) {
          if (Number.isFinite(value)) expect(Math.abs(value - (actual[i] as number)), `${poison}`).toBeLessThan(1e-4);
          else expect(actual[i], `${poison}`).toBe(value);
        }
        gradient.dispose();
      }
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

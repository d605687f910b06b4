import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { isBfloat16, type Precision, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { currentEngine } from '../../tensor/engine.ts';
import { enginesToTest, enginesWithKernels } from '../../test-support/engines.ts';
import { randomTensor } from '../../test-support/gradients.ts';
import { type CrossEntropy, fusedCrossEntropy, plainCrossEntropy, smoothed } from './cross-entropy.ts';

const withKernels = await enginesWithKernels();

/** Losses, and the gradient with weights 0, ½, 1, 1½ …, of the same logits each time: the gradient uses them up. */
function run(crossEntropy: CrossEntropy, logits: tf.Tensor, ids: Int32Array): Record<string, Float32Array> {
  const { losses, gradient } = crossEntropy(tf.reshape(tf.add(toFloat32(logits), 0), logits.shape), ids);
  return { losses: losses.dataSync<'float32'>(), gradient: gradient(weightsOf(ids)).dataSync<'float32'>() };
}

const weightsOf = (ids: Int32Array) => Float32Array.from(ids, (_, i) => i / 2);

/** A target in every part of the vocabulary, the last id included. */
const idsFor = (targets: number, vocabulary: number) =>
  Int32Array.from({ length: targets }, (_, i) => (vocabulary - 1 + 7 * i) % vocabulary);

describe.each(withKernels)('the fused cross-entropy on %s', (engine) => {
  beforeAll(async () => void (await openEngine(engine)));

  const shapes = [
    [0, 16],
    [1, 2],
    [3, 37],
    [5, 64],
    [17, 1001],
  ] as const;

  it.each(shapes)('equals its plain twin on [%i, %i]', (targets, vocabulary) => {
    tf.tidy(() => {
      const logits = randomTensor([targets, vocabulary], 1, 5);
      const ids = idsFor(targets, vocabulary);
      const [fused, plain] = [run(fusedCrossEntropy, logits, ids), run(plainCrossEntropy, logits, ids)];
      for (const name of ['losses', 'gradient']) expectClose(fused[name], plain[name], 2e-6);
    });
  });

  it.each(shapes)('equals its plain twin on [%i, %i] in bf16, but for the rounding of the gradient', (...shape) => {
    tf.tidy(() => {
      const ids = idsFor(...shape);
      const logits = toPrecision(randomTensor([...shape], 1, 5), 'bf16');
      const plain = run(plainCrossEntropy, logits, ids);
      const { losses, gradient } = fusedCrossEntropy(logits, ids);
      expectClose(losses.dataSync<'float32'>(), plain.losses, 2e-6);
      const rounded = gradient(weightsOf(ids));
      expect(isBfloat16(rounded)).toBe(true);
      expectClose(toFloat32(rounded).dataSync<'float32'>(), plain.gradient, 2 ** -8);
    });
  });

  it.each(['f32', 'bf16'] as const)('lets NaN and infinities through as its plain twin does, in %s', (precision) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      // Among whole vectors, in the rest behind them, and at the target itself.
      for (const place of [3, 36, 20]) {
        const kinds = (crossEntropy: CrossEntropy, asked: Precision) =>
          tf.tidy(() => {
            const values = randomTensor([2, 37], 1, 5).dataSync<'float32'>().slice();
            values[place] = value;
            const { losses, gradient } = crossEntropy(
              toPrecision(tf.tensor2d(values, [2, 37]), asked),
              Int32Array.of(20, 5),
            );
            const results = [...losses.dataSync(), ...toFloat32(gradient(Float32Array.of(1, 1))).dataSync()];
            return results.map((result) => (Number.isFinite(result) ? 'finite' : String(result)));
          });
        expect(kinds(fusedCrossEntropy, precision), `${value} at ${place}`).toEqual(kinds(plainCrossEntropy, 'f32'));
      }
    }
  });

  it('refuses an id that is not in the vocabulary', () => {
    for (const id of [-1, 8]) {
      expect(() => tf.tidy(() => fusedCrossEntropy(tf.zeros([1, 8]), Int32Array.of(id)).losses.dataSync())).toThrow(
        /not in the vocabulary/,
      );
    }
  });
});

describe.each(await enginesToTest())('label smoothing on %s', (engine) => {
  const epsilon = 0.1;
  const [targets, vocabulary] = [3, 37];
  const ids = idsFor(targets, vocabulary);
  const weights = [0.5, 0, 2];

  /** Σ weight · ((1 − ε) · −log p of the target + ε · mean of −log p), in f64. */
  function byHand(logits: ArrayLike<number>): number {
    let sum = 0;
    for (const [row, id] of ids.entries()) {
      const own = Array.from({ length: vocabulary }, (_, i) => logits[row * vocabulary + i] as number);
      const logSum = Math.log(own.reduce((total, logit) => total + Math.exp(logit), 0));
      const mean = own.reduce((total, logit) => total + (logSum - logit), 0) / vocabulary;
      sum += (weights[row] as number) * ((1 - epsilon) * (logSum - (own[id] as number)) + epsilon * mean);
    }
    return sum;
  }

  it.for(['f32', 'bf16'] as const)(
    'is the mean over the vocabulary, its gradient the slope, in %s',
    async (type, context) => {
      await openEngine(engine);
      context.skip(type === 'bf16' && !currentEngine().fusedKernels);
      tf.tidy(() => {
        const crossEntropy = smoothed(currentEngine().fusedKernels ? fusedCrossEntropy : plainCrossEntropy, epsilon);
        const logits = toPrecision(randomTensor([targets, vocabulary], 1, 5), type);
        const values = Float64Array.from(toFloat32(logits).dataSync());
        const { losses, added, gradient } = crossEntropy(tf.clone(logits), ids);
        const [own, more] = [losses.dataSync(), (added as tf.Tensor).dataSync()];
        const loss = weights.reduce((sum, weight, i) => sum + weight * ((own[i] as number) + (more[i] as number)), 0);
        expect(Math.abs(loss - byHand(values))).toBeLessThan(1e-5);
        const slopes = toFloat32(gradient(Float32Array.from(weights))).dataSync();
        for (const [i, slope] of slopes.entries()) {
          const moved = (by: number) => byHand(values.map((value, k) => (k === i ? value + by : value)));
          expect(Math.abs(slope - (moved(1e-5) - moved(-1e-5)) / 2e-5)).toBeLessThan(type === 'f32' ? 1e-5 : 0.01);
        }
      });
    },
  );
});

/** Relative to 1, or to the expected value where it is larger. */
function expectClose(actual: Float32Array | undefined, expected: Float32Array | undefined, tolerance: number): void {
  expect(actual?.length).toBe(expected?.length);
  for (const [i, value] of (expected ?? []).entries()) {
    expect(Math.abs(value - (actual?.[i] as number)) / Math.max(1, Math.abs(value))).toBeLessThan(tolerance);
  }
}

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { enginesToTest, withoutKernels } from '../../test-support/engines.ts';
import { randomTensor } from '../../test-support/gradients.ts';
import { gradientSum } from './gradient-sum.ts';

const specs = [
  { name: 'matrix', shape: [3, 7], decay: true },
  { name: 'empty', shape: [0, 4], decay: true },
  { name: 'vector', shape: [5], decay: false },
  { name: 'large', shape: [257, 131], decay: false },
  { name: 'untouched', shape: [2], decay: false },
];

/** The sums of two steps, the second in the memory of the first. */
function twoSteps(): number[][] {
  const sum = gradientSum(specs);
  const add = (name: string, piece: tf.Tensor) => {
    sum.add(name, piece);
    piece.dispose();
  };
  const steps = [1, 2].map((step) => {
    for (const seed of [step, step + 10]) {
      add('matrix', randomTensor([3, 7], seed));
      add('empty', tf.zeros([0, 4]));
      add('large', randomTensor([257, 131], seed + 1));
    }
    add('vector', tf.tensor1d([Number.NaN, Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, 0]));
    if (step === 2) add('vector', tf.tensor1d([1, Number.NEGATIVE_INFINITY, 1, 1, 0]));
    const gradient = sum.take();
    const values = [...gradient.dataSync()];
    sum.giveBack(gradient);
    return values;
  });
  sum.dispose();
  return steps;
}

describe.each(await enginesToTest())('the sum of gradients on %s', (engine) => {
  beforeAll(async () => void (await openEngine(engine)));

  it('is that of its plain twin, and nothing of the step before is left in it', () => {
    const before = tf.memory().numTensors;
    const [sums, plain] = [twoSteps(), withoutKernels(twoSteps)];
    expect(sums).toEqual(plain);
    expect(sums[0]?.slice(21, 26)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, 0]);
    expect(sums[1]?.slice(21, 26)).toEqual([Number.NaN, Number.NaN, 2, Number.NEGATIVE_INFINITY, 0]);
    expect(sums.map((values) => values.slice(-2))).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

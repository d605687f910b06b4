import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ownEngines } from '../../../test-support/tfjs-kernels.ts';
import { ownKernels } from './index.ts';

describe.each(ownEngines)('what the engine has no operation for (%s)', (engine) => {
  it('goes by tfjs’s implementation, and leaves no tensor behind there', async () => {
    await tf.setBackend(engine);
    const before = tf.memory().numDataBuffers;
    tf.tidy(() => {
      expect(tf.topk([3, 1, 2], 2).indices.arraySync()).toEqual([0, 2]);
      expect(tf.softplus([0]).arraySync()).toEqual([Math.fround(Math.log(2))]);
    });
    expect(tf.memory().numDataBuffers).toBe(before);
    const cpu = tf.findBackend('cpu') as unknown as { numDataIds(): number };
    expect(cpu.numDataIds()).toBe(0);
  });

  it('is told of strings only there', async () => {
    await tf.setBackend(engine);
    tf.tidy(() => {
      expect(tf.equal(['a', 'b'], ['a', 'c']).arraySync()).toEqual([1, 0]);
      expect(tf.concat([tf.tensor1d(['a']), tf.tensor1d(['b'])]).arraySync()).toEqual(['a', 'b']);
    });
  });

  it('has no complex numbers', async () => {
    await tf.setBackend(engine);
    expect(() => tf.tidy(() => tf.complex([1], [2]))).toThrow('no complex numbers');
  });
});

it('all that our models ask of tfjs is the engine’s own', () => {
  const asked = 'Multiply Identity Reshape Slice BatchMatMul Transpose Add Concat Mean Square Rsqrt Sub SplitV Sigmoid';
  const more =
    'Softmax GatherV2 Sum Neg Max RealDiv Log Sqrt Cast ScatterNd OneHot Minimum Tanh PadV2 OnesLike Pow Erf';
  expect(ownKernels).toEqual(expect.arrayContaining(`${asked} ${more}`.split(' ')));
});

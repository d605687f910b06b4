import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { currentEngine } from '../tensor/engine.ts';
import { callKernel } from '../tensor/kernels.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { tinyDecoder } from '../test-support/tiny-model.ts';
import { sumParameters, surprisesSince } from './changes.ts';

const train = { rank: 2, alpha: 4, targets: ['all-linear'] };

describe.each(await enginesToTest())('after a training on %s', (engine) => {
  it('every parameter that was trained and did not move is named', async () => {
    await openEngine(engine);
    const { parameters } = tinyDecoder({ train });
    const tensors = tf.memory().numTensors;
    const before = await sumParameters(parameters);
    const all = parameters.trainable.map(({ name }) => name);
    expect(await surprisesSince(before, parameters)).toEqual({ unmoved: all, frozenMoved: [] });
    // The last bit of a single value of the first.
    const values = parameters.vector.dataSync<'float32'>().slice();
    new Int32Array(values.buffer)[0]! ^= 1;
    parameters.replaceVector(tf.tensor1d(values));
    expect(await surprisesSince(before, parameters)).toEqual({ unmoved: all.slice(1), frozenMoved: [] });
    parameters.replaceVector(tf.tidy(() => tf.add(parameters.vector, 1e-3)));
    expect(await surprisesSince(before, parameters)).toEqual({ unmoved: [], frozenMoved: [] });
    expect(tf.memory().numTensors).toBe(tensors);
    parameters.dispose();
  });

  it.for(['f32', 'bf16'] as const)('and one that was frozen and did, in %s', async (precision, context) => {
    await openEngine(engine);
    // Only our operations change a tensor in place.
    context.skip(!currentEngine().fusedKernels);
    const { parameters } = tinyDecoder({ train, precision });
    const before = await sumParameters(parameters);
    const name = 'model.norm.weight';
    const norm = parameters.get(name);
    const piece = tf.tensor1d([1e-6]);
    callKernel('CwAddTo', [norm, piece], 0, { int: { offset: 3, overwrite: 0 } });
    expect((await surprisesSince(before, parameters)).frozenMoved).toEqual([name]);
    piece.dispose();
    parameters.dispose();
  });
});

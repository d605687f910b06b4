import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { enginesToTest, enginesWithKernels } from '../test-support/engines.ts';
import { callKernel } from './kernels.ts';
import { viewOf } from './view.ts';

describe.each(await enginesToTest())('a view of a vector (%s)', (engine) => {
  it('has the values from its offset on, also when the vector is gone', async () => {
    await openEngine(engine);
    const before = tf.memory().numTensors;
    const vector = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7]);
    const view = viewOf(vector, 1, [2, 3]);
    vector.dispose();
    // Memory that was given back would be taken for these.
    const others = Array.from({ length: 8 }, () => tf.zeros([8]));
    expect(view.arraySync()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const sum = tf.add(view, 1);
    expect(sum.arraySync()).toEqual([
      [2, 3, 4],
      [5, 6, 7],
    ]);
    tf.dispose([view, sum, ...others]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each(await enginesWithKernels())('a view of a vector in its own memory (%s)', (engine) => {
  it('sees what is written into the vector, and frees nothing twice', async () => {
    await openEngine(engine);
    const { door } = tf.backend() as unknown as { door: { memory(): { blocks: number } } };
    const { blocks } = door.memory();
    const vector = tf.tensor1d([1, 2, 3, 4]);
    const views = [viewOf(vector, 0, [2]), viewOf(vector, 2, [2]), viewOf(vector, 3, [1])];
    expect(door.memory().blocks).toBe(blocks + 1);
    const more = tf.tensor1d([10, 20]);
    callKernel('CwAddTo', [vector, more], 0, { int: { offset: 2, overwrite: 0 } });
    expect(views.map((view) => [...view.dataSync()])).toEqual([[1, 2], [13, 24], [24]]);
    tf.dispose([...views, vector, more]);
    expect(door.memory().blocks).toBe(blocks);
  });

  it('does not go beyond the vector', async () => {
    await openEngine(engine);
    const vector = tf.tensor1d([1, 2, 3]);
    expect(() => viewOf(vector, 2, [2])).toThrow('No 2 values from 2 on in a tensor of 12 bytes');
    vector.dispose();
  });
});

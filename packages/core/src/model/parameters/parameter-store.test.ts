import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { createParameterStore } from './parameter-store.ts';

describe('what is derived of parameters', () => {
  beforeAll(() => openEngine('wasm'));

  it('is kept until one of them changes, and freed with them', () => {
    const before = tf.memory().numTensors;
    const tensors = new Map<string, tf.Tensor>([
      ['frozen', tf.tensor1d([1, 2])],
      ['trained', tf.tensor1d([3, 4])],
    ]);
    const store = createParameterStore(tensors, [{ name: 'trained', shape: [2], decay: false }]);
    let made = 0;
    const sumOf = (...from: string[]) =>
      store
        .derive(from.join(), from, () => {
          made++;
          return tf.sum(tf.addN(from.map((name) => store.get(name))));
        })
        .dataSync()[0];
    const both = () => [sumOf('frozen'), sumOf('frozen', 'trained')];
    expect([both(), both(), made]).toEqual([[3, 10], [3, 10], 2]);
    store.replaceVector(tf.tensor1d([5, 6]));
    expect([both(), both(), made]).toEqual([[3, 14], [3, 14], 3]);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

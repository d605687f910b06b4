import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../abort.ts';
import { makeBatch } from '../../batches/batch.ts';
import { openEngine } from '../../engine/open-engine.ts';
import { enginesToTest } from '../../test-support/engines.ts';
import { exampleWith } from '../../test-support/examples.ts';
import { randomTensor } from '../../test-support/gradients.ts';
import { tinyConfig, tinyDecoder } from '../../test-support/tiny-model.ts';
import { type Batch, TokenRole } from '../../tokenization/example.ts';
import { targetsOf, vocabularyLoss, vocabularyLossWithGradient } from './vocabulary-loss.ts';

/** Two rows, padded: targets of every kind and weight. */
const batch = makeBatch([
  exampleWith({
    ids: [1, 5, 9, 13, 36, 2],
    weights: [0, 0, 0.25, 0, 1, 0.5],
    roles: ['bos', 'template', 'user', 'user', 'assistant', 'assistant'],
    promptLength: 4,
  }),
  exampleWith({
    ids: [1, 0, 7, 2],
    weights: [0, 0, 0, 2],
    roles: ['bos', 'user', 'assistant', 'assistant'],
    promptLength: 2,
  }),
]);

it('looks at targets with a weight, and at those of the prompt without one', () => {
  const { weighted, observed } = targetsOf(batch);
  //                 position   0 template  1 user .25  2 user 0  3 .. 4 assistant; second row: 5 user 0, 6 assistant 0, 7 assistant
  expect([...weighted]).toEqual([1, 3, 4, 7]);
  expect([...observed]).toEqual([2, 5]);
  expect(batch.targetRoles[6]).toBe(TokenRole.assistant);
});

/** −log softmax in f64, and its gradient by the hidden states, one target at a time. */
function byHand(hidden: Float32Array, table: Float32Array, { targetIds, targetWeights }: Batch) {
  const { hiddenSize, vocabularySize } = tinyConfig;
  const at = (values: Float32Array, row: number, i: number) => values[row * hiddenSize + i] as number;
  const losses: number[] = [];
  const gradient = new Float64Array(hidden.length);
  for (const [position, target] of targetIds.entries()) {
    const logits = Array.from({ length: vocabularySize }, (_, id) => {
      let sum = 0;
      for (let i = 0; i < hiddenSize; i++) sum += at(hidden, position, i) * at(table, id, i);
      return sum;
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    losses.push(Math.log(total) - (logits[target] as number));
    for (const [id, logit] of logits.entries()) {
      const slope = (targetWeights[position] as number) * (Math.exp(logit) / total - Number(id === target));
      for (let i = 0; i < hiddenSize; i++) gradient[position * hiddenSize + i]! += slope * at(table, id, i);
    }
  }
  return { losses, gradient };
}

describe.each(await enginesToTest())('the loss over the vocabulary on %s', (engine) => {
  const run = (chunkElements?: number) => {
    const decoder = tinyDecoder({ train: 'full' });
    const hidden = randomTensor([batch.rows * batch.length, tinyConfig.hiddenSize], 8, 2);
    const targets = targetsOf(batch);
    const { losses, hiddenGradient } = atOnce(
      vocabularyLossWithGradient(decoder, hidden, batch, targets, { atOnce: chunkElements }),
    );
    const gradient = decoder.parameters.takeGradient();
    const results = {
      losses: [...losses.dataSync()],
      hiddenGradient: [...hiddenGradient.dataSync()],
      tableGradient: [...gradient.dataSync()],
      withoutGradient: [...atOnce(vocabularyLoss(decoder, hidden, batch, targets)).dataSync()],
      expected: byHand(
        hidden.dataSync<'float32'>(),
        decoder.parameters.get('model.embed_tokens.weight').dataSync<'float32'>(),
        batch,
      ),
    };
    tf.dispose([hidden, losses, hiddenGradient, gradient]);
    decoder.parameters.dispose();
    return results;
  };
  const expectClose = (actual: readonly number[], expected: ArrayLike<number>, tolerance: number) => {
    expect(actual.length).toBe(expected.length);
    for (const [i, value] of actual.entries())
      expect(Math.abs(value - (expected[i] as number))).toBeLessThan(tolerance);
  };

  it('is −log softmax, with its gradient, computed in f64', async () => {
    await openEngine(engine);
    const { losses, withoutGradient, hiddenGradient, expected } = run();
    const { weighted, observed } = targetsOf(batch);
    const wanted = [...weighted, ...observed].map((i) => expected.losses[i] as number);
    expectClose(losses, wanted, 1e-6 * Math.max(...wanted));
    expectClose(withoutGradient, wanted, 1e-6 * Math.max(...wanted));
    expectClose(hiddenGradient, expected.gradient, 1e-6);
  });

  it.each([
    ['one', 1],
    ['two', 2 * tinyConfig.vocabularySize],
    ['three', 3 * tinyConfig.vocabularySize + 5],
  ])('is the same %s targets at a time', async (_, chunkElements) => {
    await openEngine(engine);
    const [whole, chunked] = [run(), run(chunkElements)];
    expectClose(chunked.losses, whole.losses, 1e-6);
    expectClose(chunked.hiddenGradient, whole.hiddenGradient, 1e-6);
    expectClose(chunked.tableGradient, whole.tableGradient, 1e-6);
  });

  it('is finite for logits far apart, and leaves nothing behind', async () => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: 'nothing' });
    const hidden = randomTensor([batch.rows * batch.length, tinyConfig.hiddenSize], 8, 1000);
    const before = tf.memory().numTensors;
    const { losses, hiddenGradient } = atOnce(vocabularyLossWithGradient(decoder, hidden, batch, targetsOf(batch)));
    expect([...losses.dataSync(), ...hiddenGradient.dataSync()].every(Number.isFinite)).toBe(true);
    tf.dispose([losses, hiddenGradient]);
    expect(tf.memory().numTensors).toBe(before);
    hidden.dispose();
    decoder.parameters.dispose();
  });

  it('of no targets is no losses and a gradient of zero', async () => {
    await openEngine(engine);
    const decoder = tinyDecoder({ train: 'nothing' });
    const hidden = randomTensor([batch.rows * batch.length, tinyConfig.hiddenSize], 8);
    const none = { weighted: new Int32Array(), observed: new Int32Array() };
    const { losses, hiddenGradient } = atOnce(vocabularyLossWithGradient(decoder, hidden, batch, none));
    expect(losses.size).toBe(0);
    expect(hiddenGradient.dataSync().every((value) => value === 0)).toBe(true);
    tf.dispose([hidden, losses, hiddenGradient]);
    decoder.parameters.dispose();
  });
});

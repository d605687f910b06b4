import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { plainLogits } from '../../test-support/plain-decoder.ts';
import { tinyConfig, tinyDecoder } from '../../test-support/tiny-model.ts';
import { tinyTokenizer } from '../../testing/tiny-tokenizer.ts';
import type { TrainableDecoder } from '../../training/step.ts';
import { neutralExamples, neutralReference } from './neutral.ts';
import { NEUTRAL_TEXT } from './neutral-text.ts';

beforeAll(async () => void (await openEngine('wasm')));

/** Of every place, log-probabilities by tfjs, one matrix at a time. */
function logProbabilities({ parameters }: TrainableDecoder, ids: readonly number[]): number[][] {
  return tf.tidy(() => {
    const weights = Object.fromEntries(parameters.trainable.map(({ name }) => [name, parameters.get(name)]));
    return tf.logSoftmax(plainLogits(tinyConfig, weights, ids.slice(0, -1))).arraySync() as number[][];
  });
}

it('is KL(base ‖ tuned) over the places of a text, and the loss on it', async () => {
  const decoder = tinyDecoder({ train: 'full' });
  // The tiny model has 37 tokens.
  const tokenizer = {
    ...tinyTokenizer(),
    encode: (text: string) => Array.from(text, (c) => 3 + (c.charCodeAt(0) % 34)),
  };
  const examples = neutralExamples(['the cat sat', 'on a mat', ''], { tokenizer, maxLength: 10 });
  expect(examples.map(({ ids }) => ids.length)).toEqual([10, 9]);
  const base = examples.map(({ ids }) => logProbabilities(decoder, [...ids]));
  const reference = await neutralReference(decoder, examples);
  const { parameters } = decoder;
  const tensors = tf.memory().numTensors;

  const untrained = await reference.measure(decoder);
  expect(untrained.klBase).toBeCloseTo(0, 6);

  parameters.replaceVector(tf.tidy(() => tf.mul(parameters.vector, 1.1)));
  const { klBase, neutralLoss } = await reference.measure(decoder);
  expect(tf.memory().numTensors).toBe(tensors);
  const tuned = examples.map(({ ids }) => logProbabilities(decoder, [...ids]));
  const places = base.flat().map((p, i) => ({ p, q: tuned.flat()[i] as number[] }));
  const kl = places.map(({ p, q }) => p.reduce((sum, log, t) => sum + Math.exp(log) * (log - (q[t] as number)), 0));
  expect(klBase).toBeCloseTo(kl.reduce((a, b) => a + b) / kl.length, 5);
  expect(klBase).toBeGreaterThan(0.001);
  // BOS is given, never predicted.
  const losses = examples.flatMap(({ ids }, e) => [...ids].slice(1).map((id, i) => -(tuned[e]?.[i]?.[id] as number)));
  expect(neutralLoss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 5);
  parameters.dispose();
});

it('comes with text of several kinds', () => {
  expect(NEUTRAL_TEXT.length).toBeGreaterThanOrEqual(6);
  for (const passage of NEUTRAL_TEXT) expect(passage.length).toBeGreaterThan(150);
});

import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { makeBatch } from '../batches/batch.ts';
import { normalizeStep } from '../batches/normalize-weights.ts';
import { openEngine } from '../engine/open-engine.ts';
import { exampleWith } from '../test-support/examples.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import type { Batch } from '../tokenization/example.ts';
import { freshAdamState } from './optimizer/adamw.ts';
import { accumulateGradient, type StepOptions, trainStep } from './step.ts';

const update = { learningRate: 1e-2, weightDecay: 0.01, maxGradientNorm: 1 };
/** Two examples of five tokens, all of which count. */
const ids = [
  [1, 4, 2, 8, 5],
  [7, 1, 4, 2, 8],
];
const examples = ids.map((one) => exampleWith({ ids: one, roles: one.map(() => 'assistant') }));
const { batches: oneBatch } = normalizeStep([makeBatch(examples)], { lossNormalization: 'weight-sum' });

it('a step is left between its micro-batches by an abort, with everything as it was before', async () => {
  await openEngine('wasm');
  const decoder = tinyDecoder({ train: 'full' });
  const fresh = freshAdamState(decoder.parameters.trainableSize);
  const [first] = oneBatch;
  const batches = [first as Batch, first as Batch];
  const before = decoder.parameters.vector.dataSync().slice();
  const controller = new AbortController();
  let done = 0;
  const accumulate = async (batch: Batch) => {
    done++;
    controller.abort(new Error('enough'));
    return accumulateGradient(decoder, batch);
  };
  const step = { ...update, step: 1, accumulate, signal: controller.signal };
  await expect(trainStep(decoder, fresh, batches, step)).rejects.toThrow('enough');
  expect(done).toBe(1);
  expect(decoder.parameters.vector.dataSync()).toEqual(before);
  // Nothing of the step that was left is in the next.
  const again = tinyDecoder({ train: 'full' });
  const other = freshAdamState(again.parameters.trainableSize);
  const resumed = await trainStep(decoder, fresh, batches, { ...update, step: 1 });
  const straight = await trainStep(again, other, batches, { ...update, step: 1 });
  expect(resumed.gradientNorm).toBe(straight.gradientNorm);
  for (const { parameters } of [decoder, again]) parameters.dispose();
});

it.each([false, true])(
  'is left between its layers by an abort, on either way, and leaves no tensor (recomputed: %s)',
  async (recompute) => {
    await openEngine('wasm');
    const decoder = { ...tinyDecoder({ train: 'full' }), recompute };
    const fresh = freshAdamState(decoder.parameters.trainableSize);
    const batches = oneBatch;
    const before = decoder.parameters.vector.dataSync().slice();
    /** A step that is aborted at a breath, if it comes to that. @returns the breaths that were taken */
    const stepAbortedAt = async (at: number): Promise<number> => {
      const controller = new AbortController();
      let breaths = 0;
      const accumulate: StepOptions['accumulate'] = (batch, _, breathe) =>
        accumulateGradient(decoder, batch, {
          breathe: () => {
            if (++breaths === at) controller.abort(new Error('enough'));
            return breathe();
          },
        });
      const step = { ...update, step: 1, accumulate, signal: controller.signal };
      await expect(trainStep(decoder, fresh, batches, step)).rejects.toThrow('enough');
      return breaths;
    };
    let breaths = 0;
    // The whole way with all its places first: the micro-batch is done, and left nevertheless.
    const counted: StepOptions['accumulate'] = async (batch) => {
      await accumulateGradient(decoder, batch, { breathe: () => void breaths++ });
      throw new Error('counted');
    };
    await expect(trainStep(decoder, fresh, batches, { ...update, step: 1, accumulate: counted })).rejects.toThrow(
      'counted',
    );
    // Five layers in each block and the norm, forward and back, and the loss.
    expect(breaths).toBeGreaterThanOrEqual(2 * (5 * tinyConfig.blocks.length + 1) + 1);
    for (let at = 1; at <= breaths; at++) {
      const tensors = tf.memory().numTensors;
      expect(await stepAbortedAt(at)).toBe(at);
      expect(tf.memory().numTensors, `breath ${at}`).toBe(tensors);
      expect(decoder.parameters.vector.dataSync()).toEqual(before);
    }
    decoder.parameters.dispose();
  },
);

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../packages/core/src/batches/batch.ts';
import { normalizeStep } from '../../packages/core/src/batches/normalize-weights.ts';
import { openTrainableModel } from '../../packages/core/src/checkpoint/open-trainable-model.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { enginesToTest } from '../../packages/core/src/test-support/engines.ts';
import { inF32 } from '../../packages/core/src/test-support/in-f32.ts';
import { meanLosses } from '../../packages/core/src/training/loss/loss-sums.ts';
import { freshAdamState } from '../../packages/core/src/training/optimizer/adamw.ts';
import { learningRateAt } from '../../packages/core/src/training/schedule.ts';
import { trainStep } from '../../packages/core/src/training/step.ts';
import { adapterFolder, exampleOf, modelFolder, readEntries } from './fixtures.ts';

interface Step {
  readonly step: number;
  readonly loss: number;
  readonly promptLoss: number;
  readonly completionLoss: number;
  readonly gradientNorm: number;
  readonly weightSum: number;
  readonly tokens: number;
}

interface Entry {
  readonly model: string;
  readonly adapter?: string;
  readonly promptWeight: number;
  readonly steps: readonly Step[];
}

const relative = (actual: number, expected: number) => Math.abs(actual - expected) / Math.abs(expected);

const files = {
  'full fine-tuning': 'losses-full.json',
  LoRA: 'losses-lora.json',
  'LoRA+': 'losses-lora-plus.json',
  DoRA: 'losses-dora.json',
};
const cases = Object.entries(files).flatMap(([method, file]) => {
  const { settings, entries } = readEntries<Entry>(file);
  return entries.map((entry) => ({ method, settings, entry, model: entry.model, weight: entry.promptWeight }));
});

describe.each(await enginesToTest())('ten steps equal those of PyTorch on %s', (engine) => {
  const tolerance = engine === 'wasm' ? 1e-3 : 1e-4;

  it.each(cases)('$method, $model, prompt weight $weight', async ({ settings, entry }) => {
    await openEngine(engine);
    const { batchSize, weightDecay, maxGradientNorm, learningRate: peak, steps, loraPlusRatio } = settings;
    const { adapter } = entry;
    const training = inF32({ method: adapter ? 'lora' : 'full', loraPlusRatio });
    const from = adapter ? { adapter: adapterFolder(adapter) } : {};
    const { decoder } = await openTrainableModel(modelFolder(entry.model), training, from);
    let adam = freshAdamState(decoder.parameters.trainableSize);
    const tensors: number[] = [];
    for (const expected of entry.steps) {
      const rows = Array.from({ length: batchSize }, (_, row) => (expected.step * batchSize + row) % 8);
      const batch = makeBatch(rows.map((row) => exampleOf(entry.model, row, entry.promptWeight)));
      const { batches, weightSum } = normalizeStep([batch], { lossNormalization: 'weight-sum' });
      const learningRate = learningRateAt(expected.step, { schedule: 'linear', warmupSteps: 0, peak, steps });
      const update = { step: expected.step + 1, learningRate, weightDecay, maxGradientNorm };
      const { sums, gradientNorm, adam: next } = await trainStep(decoder, adam, batches, update);
      adam = next;
      const { promptLoss, completionLoss } = meanLosses(sums);
      const where = `step ${expected.step}`;
      expect(relative(sums.weighted, expected.loss), where).toBeLessThan(tolerance);
      expect(relative(promptLoss as number, expected.promptLoss), where).toBeLessThan(tolerance);
      expect(relative(completionLoss as number, expected.completionLoss), where).toBeLessThan(tolerance);
      // The norm is ten times as sensitive as the loss: it differs that much between PyTorch's own f32 and f64.
      expect(relative(gradientNorm, expected.gradientNorm), where).toBeLessThan(10 * tolerance);
      expect(relative(weightSum, expected.weightSum), where).toBeLessThan(1e-6);
      expect(batch.tokens).toBe(expected.tokens);
      tensors.push(tf.memory().numTensors);
    }
    expect(new Set(tensors.slice(1)).size, 'the number of tensors from step 2 on').toBe(1);
    tf.dispose([adam.mean, adam.variance]);
    decoder.parameters.dispose();
  });
});

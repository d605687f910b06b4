import { describe, expect, it } from 'vitest';
import { atOnce } from '../../packages/core/src/abort.ts';
import { makeBatch, packBatch } from '../../packages/core/src/batches/batch.ts';
import { normalizeStep } from '../../packages/core/src/batches/normalize-weights.ts';
import { packEpoch, planPacking } from '../../packages/core/src/batches/pack.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { enginesToTest } from '../../packages/core/src/test-support/engines.ts';
import { examplesOf } from '../../packages/core/src/test-support/examples.ts';
import type { Batch, PackedRow, WeightedExample } from '../../packages/core/src/tokenization/example.ts';
import { meanLosses } from '../../packages/core/src/training/loss/loss-sums.ts';
import { accumulateGradient, type TrainableDecoder } from '../../packages/core/src/training/step.ts';
import { exampleOf, openFixture } from './fixtures.ts';

/** Packed rows are an order of computing, not another loss: on a real model, every figure is that of the padded batch. */

const INSTRUCTION = 24;

/** The fixtures' examples behind one instruction, taken from the first of them; one of them twice, one that is short. */
function examplesFor(promptWeight: number): WeightedExample[] {
  const [first, ...others] = [0, 1, 2, 3, 4, 5, 6, 6].map((i) => exampleOf('stories260k', i, promptWeight));
  const start = first as WeightedExample;
  return [start, ...others].map((example) => ({
    ...example,
    ids: Int32Array.of(...start.ids.subarray(0, INSTRUCTION), ...example.ids.subarray(1)),
    roles: Uint8Array.of(...start.roles.subarray(0, INSTRUCTION), ...example.roles.subarray(1)),
    segmentWeights: Float32Array.of(
      ...start.segmentWeights.subarray(0, INSTRUCTION),
      ...example.segmentWeights.subarray(1),
    ),
  }));
}

function packed(examples: readonly WeightedExample[], packing: 'examples' | 'shared-prefix') {
  const planned = atOnce(planPacking(examplesOf(examples), { packing, maxLength: 256 }));
  if (!planned) throw new Error('nothing planned');
  const drawn = examples.map((_, i) => i);
  const rows = packEpoch(planned, { drawn, seed: 5, epoch: 0, shuffle: true });
  return rows.map(
    (row): PackedRow<WeightedExample> => ({
      ...row,
      examples: row.examples.map((i) => examples[i] as WeightedExample),
    }),
  );
}

type Options = Parameters<typeof normalizeStep>[1];

async function stepOf(decoder: TrainableDecoder, batch: Batch, options: Options) {
  const { batches, weightSum, denominator } = normalizeStep([batch], options);
  const sums = await accumulateGradient(decoder, batches[0] as Batch);
  const gradient = decoder.parameters.takeGradient();
  const values = gradient.dataSync<'float32'>();
  gradient.dispose();
  const { roleLosses, ...means } = meanLosses(sums);
  return { loss: sums.weighted, ...means, ...roleLosses, weightSum, denominator, tokens: batch.tokens, values };
}

type Step = Awaited<ReturnType<typeof stepOf>>;

function expectSame({ values, ...figures }: Step, { values: expected, ...wanted }: Step): void {
  for (const [name, value] of Object.entries(wanted)) {
    expect(Math.abs((figures[name as keyof typeof figures] as number) / (value as number) - 1), name).toBeLessThan(
      1e-5,
    );
  }
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const error = values.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] as number))), 0);
  expect(error / largest, 'gradient').toBeLessThan(1e-5);
}

const methods = { 'full fine-tuning': undefined, LoRA: 'stories260k-trained' };

describe.each(await enginesToTest())('on %s', (engine) => {
  describe.each(Object.entries(methods))('%s', (_, adapter) => {
    it.each([0, 0.1, 1])(
      'gives packed rows the losses and gradients of padded ones, prompt weight %f',
      async (weight) => {
        await openEngine(engine);
        const decoder = await openFixture('stories260k', adapter);
        const examples = examplesFor(weight);
        const options = { lossNormalization: 'weight-sum' } as const;
        const alone = await stepOf(decoder, makeBatch(examples), options);
        for (const packing of ['examples', 'shared-prefix'] as const) {
          expectSame(await stepOf(decoder, packBatch(packed(examples, packing)), options), alone);
        }
        decoder.parameters.dispose();
      },
    );
  });

  it.each([
    { lossNormalization: 'token-count' },
    { lossNormalization: 'completion-count' },
    { lossNormalization: 'per-example' },
    { lossNormalization: 'weight-sum', promptLossFraction: 0.3 },
  ] as const)('divides by the same, whatever the loss is divided by: %o', async (options) => {
    await openEngine(engine);
    const decoder = await openFixture('stories260k');
    const examples = examplesFor(0.3);
    const alone = await stepOf(decoder, makeBatch(examples), options);
    const rows = packed(examples, 'shared-prefix');
    expect(rows.every((row) => row.prefix >= INSTRUCTION - 1 && row.examples.length > 1)).toBe(true);
    expectSame(await stepOf(decoder, packBatch(rows), options), alone);
    decoder.parameters.dispose();
  });
});

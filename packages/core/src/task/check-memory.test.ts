import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openDecoder } from '../checkpoint/open-decoder.ts';
import { planModel } from '../checkpoint/plan-model.ts';
import { openEngine } from '../engine/open-engine.ts';
import { plain } from '../recipe/plain.ts';
import { inF32 } from '../test-support/in-f32.ts';
import { estimateMemory } from '../training/estimate-memory.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { assertFits } from './check-memory.ts';
import { openTask } from './open-task.ts';

const model = new URL('../../../../models/stories260k', import.meta.url).pathname;
const batches = { batch: { rows: 8, length: 64 }, evaluation: { rows: 8, tokens: 1024, length: 128 } };
const taskWith = async (training: TrainingOptionsInput) => ({
  ...(await openTask({ recipe: plain(), model, training })),
  training: inF32(training),
});

describe('memory, before a tensor of the model exists', () => {
  it.each([
    ['adapters', {}],
    ['adapters beside a whole module', { modulesToSave: ['embed_tokens'], dora: true }],
    ['every weight', { method: 'full' }],
    ['a base in int4', { quantize: 'int4' }],
    ['a base in int8, table and all', { quantize: 'int8', quantizeEmbeddings: true, precision: 'bf16' }],
  ] as const)('is estimated as it is of the model: %s', async (_, training) => {
    await openEngine('wasm');
    const task = await taskWith(training as TrainingOptionsInput);
    const planned = estimateMemory(await planModel(task.config, { folder: model }, task.training), {
      ...batches,
      baseline: 0,
    });
    const { decoder } = await openDecoder({ folder: model }, task.training, { train: true });
    expect(planned).toEqual(estimateMemory(decoder, { ...batches, baseline: 0 }));
    decoder.parameters.dispose();
  });

  it('is refused where WebAssembly cannot address it, and nothing was allocated', async () => {
    await openEngine('wasm');
    const task = await taskWith({ loraRank: 100_000 });
    const before = tf.memory().numBytes;
    await expect(assertFits(task, batches)).rejects.toMatchObject({
      code: 'memory-exceeded',
      message: expect.stringMatching(/WebAssembly can hold 4\.3 GB.*--lora-rank.*engine native/s),
    });
    expect(tf.memory().numBytes).toBe(before);
    await assertFits(await taskWith({}), batches);
  });
});

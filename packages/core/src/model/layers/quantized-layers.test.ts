import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { enginesWithKernels } from '../../test-support/engines.ts';
import { randomTensor, testParameters } from '../../test-support/gradients.ts';
import { inBlocks } from '../../test-support/in-blocks.ts';
import { decomposedLinear } from '../adapters/dora.ts';
import { matrixOf } from '../parameters/matrix.ts';
import { linear } from './linear.ts';

const engines = await enginesWithKernels();
const cases = engines.flatMap((engine) =>
  (['q8_0', 'q4_0', 'q4_1'] as const).flatMap((type) =>
    ['LoRA', 'DoRA', 'LoRA on a transposed layer'].map((adapter) => ({ engine, type, adapter })),
  ),
);

const inputs = 172;
const joined = (dora: boolean) => ({
  name: 'joined',
  inputs,
  bias: true,
  parts: [
    { name: 'first', outputs: 17, adapter: { rank: 3, scale: 2, dora } },
    { name: 'second', outputs: 5 },
    { name: 'third', outputs: 40, adapter: { rank: 16, scale: 0.5, dora } },
  ],
});
const lone = {
  name: 'joined',
  inputs,
  bias: true,
  transposed: true,
  parts: [{ name: 'first', outputs: 62, adapter: { rank: 3, scale: 2 } }],
};

describe.each(cases)('$adapter on a weight in $type ($engine)', ({ engine, type, adapter }) => {
  beforeAll(() => openEngine(engine));

  it.each([1, 8, 40, 300])('has the output and gradients of the same values in f32, for %i tokens', (tokens) => {
    tf.tidy(() => {
      const transposed = adapter.endsWith('layer');
      const shape: [number, number] = transposed ? [inputs, 62] : [62, inputs];
      const blocks = inBlocks(randomTensor(shape, 1), type);
      const plain = matrixOf(blocks).slice([0, 0], shape);
      const outcome = (weight: tf.Tensor) => {
        const parameters = testParameters({
          'joined.weight': weight,
          'joined.bias': randomTensor([62], 2),
          'joined.lora_A': randomTensor([transposed ? 3 : 19, inputs], 3),
          'first.lora_B': randomTensor([transposed ? 62 : 17, 3], 4),
          'third.lora_B': randomTensor([40, 16], 5),
          'first.lora_magnitude': randomTensor([17], 6, 2),
          'third.lora_magnitude': randomTensor([40], 7, 2),
        });
        const layer =
          adapter === 'DoRA'
            ? decomposedLinear(parameters, joined(true))
            : linear(parameters, transposed ? lone : joined(false));
        const { output, pullback } = layer(randomTensor([tokens, inputs], 8));
        const dx = pullback(randomTensor([tokens, 62], 9));
        parameters.gradients.delete('joined.weight');
        return { output, dx, ...Object.fromEntries(parameters.gradients) };
      };
      const [got, expected] = [outcome(blocks), outcome(plain)];
      expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
      expect(Object.keys(got)).toContain('first.lora_B');
      for (const [part, tensor] of Object.entries(expected)) {
        const own = (got as Record<string, tf.Tensor>)[part] as tf.Tensor;
        const scale = tf.max(tf.abs(tensor)).dataSync()[0] as number;
        const error = tf.max(tf.abs(tf.sub(own, tensor))).dataSync()[0] as number;
        expect(error / scale, part).toBeLessThan(1e-5);
      }
    });
  });
});

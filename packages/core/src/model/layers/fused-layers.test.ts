import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { isBfloat16, type Precision, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { enginesWithKernels, withoutKernels } from '../../test-support/engines.ts';
import { randomTensor, testParameters } from '../../test-support/gradients.ts';
import { decomposedLinear } from '../adapters/dora.ts';
import type { Parameters } from '../parameters/parameters.ts';
import type { Layer } from './layer.ts';
import { linear } from './linear.ts';
import { rmsNorm } from './rms-norm.ts';
import { swiglu } from './swiglu.ts';

const withKernels = await enginesWithKernels();

/** A layer for `features` inputs, with parameters of its own. */
interface LayerCase {
  readonly tensors: (features: number) => Record<string, tf.Tensor>;
  readonly layer: (parameters: Parameters, features: number) => Layer;
  readonly outputs: (features: number) => number;
  /** What it reads: the stream, or activations in the model's precision. */
  readonly reads: 'stream' | 'activations';
}

const joined = (features: number, dora = false) => ({
  name: 'joined',
  inputs: features,
  bias: true,
  parts: [
    { name: 'first', outputs: 17, adapter: { rank: 3, scale: 2, dora } },
    { name: 'second', outputs: 5 },
    { name: 'third', outputs: 40, adapter: { rank: 16, scale: 0.5, dora } },
    { name: 'fourth', outputs: 24, adapter: { rank: 32, scale: 1, dora } },
  ],
});

const joinedTensors = (features: number): Record<string, tf.Tensor> => ({
  'joined.weight': randomTensor([86, features], 1),
  'joined.bias': randomTensor([86], 2),
  'joined.lora_A': randomTensor([51, features], 3),
  'first.lora_B': randomTensor([17, 3], 4),
  'third.lora_B': randomTensor([40, 16], 5),
  'fourth.lora_B': randomTensor([24, 32], 9),
});

const cases: Record<string, LayerCase> = {
  'RMS norm': {
    tensors: (features) => ({ w: randomTensor([features], 1) }),
    layer: (parameters) => rmsNorm(parameters, 'w', 1e-5),
    outputs: (features) => features,
    reads: 'stream',
  },
  SwiGLU: {
    tensors: () => ({}),
    layer: () => swiglu,
    outputs: (features) => features / 2,
    reads: 'activations',
  },
  'a joined linear layer with bias, three of four parts with adapters': {
    tensors: joinedTensors,
    layer: (parameters, features) => linear(parameters, joined(features)),
    outputs: () => 86,
    reads: 'activations',
  },
  'the same with DoRA': {
    tensors: (features) => ({
      ...joinedTensors(features),
      'first.lora_magnitude': randomTensor([17], 6, 2),
      'third.lora_magnitude': randomTensor([40], 7, 2),
      'fourth.lora_magnitude': randomTensor([24], 10, 2),
    }),
    layer: (parameters, features) => decomposedLinear(parameters, joined(features, true)),
    outputs: () => 86,
    reads: 'activations',
  },
};

/** The values that bfloat16 can hold: both ways begin with the same numbers. */
const representable = (tensor: tf.Tensor): tf.Tensor => toFloat32(toPrecision(tensor, 'bf16'));

/** Output, gradient by the input and gradients by the parameters, in f32. */
function run(
  { tensors, layer, reads }: LayerCase,
  { input, direction, precision }: { input: tf.Tensor; direction: tf.Tensor; precision: Precision },
): Record<string, Float32Array> {
  const features = input.shape[1] as number;
  const parameters = testParameters(
    Object.fromEntries(Object.entries(tensors(features)).map(([name, tensor]) => [name, representable(tensor)])),
    precision,
  );
  const result = layer(parameters, features)(reads === 'stream' ? input : toPrecision(input, precision));
  expect(isBfloat16(result.output)).toBe(precision === 'bf16');
  const output = toFloat32(result.output);
  const dx = toFloat32(result.pullback(toPrecision(direction, precision)));
  const all = { output, dx, ...Object.fromEntries(parameters.gradients) };
  return Object.fromEntries(Object.entries(all).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]));
}

/** Of the largest value: sums of a few hundred products in another order, or rounded to eight bits on their way. */
const tolerance: Record<Precision, number> = { f32: 1e-5, bf16: 2e-2 };

describe.each(withKernels)('our operations on %s', (engine) => {
  beforeAll(() => openEngine(engine));

  const shapes = [
    [1, 2],
    [5, 6],
    [33, 64],
    [130, 100],
    [2, 1536],
    [0, 16],
    // More rows than squares of AMX are at once, and whole squares of words.
    [150, 64],
  ] as const;
  const all = Object.keys(cases).flatMap((name) =>
    shapes.flatMap(([rows, features]) =>
      (['f32', 'bf16'] as const).map((precision) => ({ name, rows, features, precision })),
    ),
  );

  it.each(all)('compute $name like its plain twin on [$rows, $features] in $precision', (settings) => {
    const { name, rows, features, precision } = settings;
    const layerCase = cases[name] as LayerCase;
    tf.tidy(() => {
      const input = representable(randomTensor([rows, features], 7, 3));
      const direction = representable(randomTensor([rows, layerCase.outputs(features)], 8));
      const fused = run(layerCase, { input, direction, precision });
      const plain = withoutKernels(() => run(layerCase, { input, direction, precision: 'f32' }));
      expect(Object.keys(fused).sort()).toEqual(Object.keys(plain).sort());
      for (const [part, expected] of Object.entries(plain)) {
        const actual = fused[part] as Float32Array;
        expect(actual.length, part).toBe(expected.length);
        const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
        const error = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))), 0);
        expect(error / scale, part).toBeLessThan(tolerance[precision]);
      }
    });
  });

  const namesAndPrecisions = Object.keys(cases).flatMap((name) =>
    (['f32', 'bf16'] as const).map((precision) => ({ name, precision })),
  );

  it.each(namesAndPrecisions)(
    'let NaN and infinities through $name as its plain twin does, in $precision',
    (settings) => {
      const { name, precision } = settings;
      const layerCase = cases[name] as LayerCase;
      tf.tidy(() => {
        for (const [i, value] of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].entries()) {
          const values = randomTensor([3, 34], 7).dataSync().slice();
          values[34 + 5 + 20 * (i % 2)] = value;
          const input = representable(tf.tensor2d(values, [3, 34]));
          const direction = representable(randomTensor([3, layerCase.outputs(34)], 8));
          const fused = run(layerCase, { input, direction, precision });
          const plain = withoutKernels(() => run(layerCase, { input, direction, precision: 'f32' }));
          for (const [part, expected] of Object.entries(plain)) {
            const finite = (numbers: Float32Array) => [...numbers].map((number) => Number.isFinite(number));
            expect(finite(fused[part] as Float32Array), `${part} of ${value}`).toEqual(finite(expected));
          }
        }
      });
    },
  );
});

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import { enginesToTest, enginesWithKernels } from '../../test-support/engines.ts';
import { expectClose, itHasItsGradients } from '../../test-support/gradient-suite.ts';
import { byPullback, type GradientCase, testParameters } from '../../test-support/gradients.ts';
import { randomTensor } from '../../test-support/random-tensor.ts';
import {
  type AdaptedPart,
  biasName,
  type JoinedLinear,
  type LinearPart,
  loraAName,
  loraBName,
  magnitudeName,
  ranksOf,
  weightName,
  weightShape,
} from '../layers/linear.ts';
import { decomposedLinear, decomposedParts, rowNorms } from './dora.ts';

const tokens = 10;
const withKernels = await enginesWithKernels();

const first = { name: 'first', outputs: 4, adapter: { rank: 2, scale: 1.5, dora: true } };
const third = { name: 'third', outputs: 2, adapter: { rank: 3, scale: 0.5, dora: true } };
const joinedAround = (second: LinearPart): JoinedLinear => ({
  name: 'joined',
  inputs: 6,
  bias: true,
  parts: [first, second, third],
});
const joined = joinedAround({ name: 'second', outputs: 3, adapter: { rank: 1, scale: 2 } });
const withGap = joinedAround({ name: 'second', outputs: 3 });
const lone: JoinedLinear = { name: 'lone', inputs: 6, bias: false, parts: [first] };
const transposed: JoinedLinear = { ...lone, bias: true, transposed: true };

const joinedTensors = (spec: JoinedLinear): Record<string, tf.Tensor> => ({
  'joined.weight': randomTensor([9, 6], 1),
  'joined.bias': randomTensor([9], 2),
  'joined.lora_A': randomTensor([ranksOf(spec), 6], 3),
  'first.lora_B': randomTensor([4, 2], 4),
  ...(spec === joined ? { 'second.lora_B': randomTensor([3, 1], 10) } : {}),
  'third.lora_B': randomTensor([2, 3], 5),
  'first.lora_magnitude': randomTensor([4], 6, 2),
  'third.lora_magnitude': randomTensor([2], 7, 2),
});

const loneTensors = (spec: JoinedLinear): Record<string, tf.Tensor> => ({
  'lone.weight': randomTensor(weightShape(spec), 1),
  ...(spec.bias ? { 'lone.bias': randomTensor([4], 2) } : {}),
  'lone.lora_A': randomTensor([2, 6], 3),
  'first.lora_B': randomTensor([4, 2], 4),
  'first.lora_magnitude': randomTensor([4], 6, 2),
});

const caseOf = (spec: JoinedLinear, tensors: Record<string, tf.Tensor>): GradientCase => {
  const parameters = testParameters(tensors);
  return { input: randomTensor([tokens, 6], 8), parameters, layer: decomposedLinear(parameters, spec) };
};

/** Made anew for every test, because layers free what they keep. */
const cases: Record<string, () => GradientCase> = {
  'joined layers with bias, two of three adapters with DoRA': () => caseOf(joined, joinedTensors(joined)),
  'a layer without bias': () => caseOf(lone, loneTensors(lone)),
  'a transposed layer': () => caseOf(transposed, loneTensors(transposed)),
};

/** `[Σ outputs, inputs]`: the weight that the layer stands for, row by row, in 64 bits. */
function directWeight(spec: JoinedLinear, tensors: Record<string, tf.Tensor>) {
  const rowsOf = (name: string) => (tensors[name] as tf.Tensor2D).arraySync();
  const stored = rowsOf(weightName(spec));
  const weight = spec.transposed ? stored[0]?.map((_, i) => stored.map((row) => row[i] as number)) : stored;
  let row = 0;
  let rank = 0;
  return spec.parts.flatMap((part) => {
    const own = (weight ?? []).slice(row, row + part.outputs);
    row += part.outputs;
    const { adapter } = part;
    if (!adapter) return own.map((values) => ({ values, norm: Math.hypot(...values), magnitude: undefined }));
    const a = rowsOf(loraAName(spec)).slice(rank, rank + adapter.rank);
    rank += adapter.rank;
    const b = rowsOf(loraBName(part));
    const magnitudes = tensors[magnitudeName(part)]?.dataSync();
    return own.map((values, i) => {
      const turned = values.map(
        (value, k) =>
          value + adapter.scale * a.reduce((sum, r, j) => sum + (b[i]?.[j] as number) * (r[k] as number), 0),
      );
      return { values: turned, norm: Math.hypot(...turned), magnitude: magnitudes?.[i] };
    });
  });
}

/** Of more than one chunk. */
const large = { inputs: 5000, outputs: 500 };
const largeLayer = (transposed: boolean): JoinedLinear => ({
  name: 'large',
  inputs: large.inputs,
  bias: false,
  transposed,
  parts: [{ name: 'large', outputs: large.outputs, adapter: { rank: 3, scale: 2, dora: true } }],
});

function lengthsOf(spec: JoinedLinear, { weight, a, b }: Record<'weight' | 'a' | 'b', tf.Tensor>): Float32Array {
  const parameters = testParameters({ 'large.weight': weight, 'large.lora_A': a, 'large.lora_B': b });
  const [place] = decomposedParts(spec);
  const norms = rowNorms(parameters, spec, place as AdaptedPart);
  expect(norms.shape).toEqual([large.outputs]);
  return norms.dataSync<'float32'>();
}

describe.each(await enginesToTest())('DoRA on %s', (engine) => {
  it.each([
    ['joined layers', joined, joinedTensors],
    ['joined layers, one without an adapter', withGap, joinedTensors],
    ['a layer without bias', lone, loneTensors],
    ['a transposed layer', transposed, loneTensors],
  ])('computes m / ‖W + scale · B A‖ ∘ (W + scale · B A) x + b: %s', async (_, spec, make) => {
    await openEngine(engine);
    const tensors = make(spec);
    const { input, layer } = caseOf(spec, tensors);
    const bias = spec.bias ? tensors[biasName(spec)]?.dataSync() : undefined;
    const rows = directWeight(spec, tensors);
    const expected = (input as tf.Tensor2D).arraySync().flatMap((x) =>
      rows.map(({ values, norm, magnitude = norm }, i) => {
        const turned = values.reduce((sum, value, k) => sum + value * (x[k] as number), 0);
        return (magnitude / norm) * turned + (bias?.[i] ?? 0);
      }),
    );
    expectClose(layer(input).output.dataSync<'float32'>(), Float32Array.from(expected), 1e-6);
  });

  describe('gradients, lengths held,', () => itHasItsGradients(engine, cases));

  it('has no direction for a row of zeros, and no NaN either', async () => {
    await openEngine(engine);
    const tensors = { ...loneTensors(lone), 'lone.weight': tf.zeros([4, 6]), 'first.lora_B': tf.zeros([4, 2]) };
    const zero = caseOf(lone, { ...tensors, 'first.lora_magnitude': tf.zeros([4]) });
    for (const gradient of Object.values(byPullback(zero, randomTensor([tokens, 4], 9)))) {
      expect(gradient.every((value) => value === 0)).toBe(true);
    }
  });

  it.each([false, true])('measures rows where W and B A nearly cancel out, transposed %s', async (lies) => {
    await openEngine(engine);
    const [b, a] = [randomTensor([large.outputs, 3], 1), randomTensor([3, large.inputs], 2)];
    // W = −0.999 scale · B A, and a little noise.
    const noise = randomTensor([large.outputs, large.inputs], 3, 1e-3);
    const plain = tf.add(tf.mul(tf.matMul(b, a), -0.999 * 2), noise);
    const spec = largeLayer(lies);
    const weight = lies ? tf.transpose(plain) : plain;
    const lengths = lengthsOf(spec, { weight, a, b });
    const direct = directWeight(spec, { 'large.weight': weight, 'large.lora_A': a, 'large.lora_B': b });
    for (const [i, { norm }] of direct.entries())
      expect(Math.abs((lengths[i] as number) / norm - 1)).toBeLessThan(1e-4);
  });
});

describe.each(withKernels)('DoRA in bf16 on %s', (engine) => {
  it('measures lengths in f32', async () => {
    await openEngine(engine);
    const weight = toPrecision(randomTensor([large.outputs, large.inputs], 1), 'bf16');
    const [b, a] = [randomTensor([large.outputs, 3], 2, 0.1), randomTensor([3, large.inputs], 3)];
    const lengths = (w: tf.Tensor) => lengthsOf(largeLayer(false), { weight: w, a, b });
    expect(lengths(weight)).toEqual(lengths(toFloat32(weight)));
  });
});

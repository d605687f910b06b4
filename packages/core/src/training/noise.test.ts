import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { decomposedLinear } from '../model/adapters/dora.ts';
import { recomputeInput } from '../model/layers/layer.ts';
import { type JoinedLinear, linear } from '../model/layers/linear.ts';
import { rmsNorm } from '../model/layers/rms-norm.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { itHasItsGradients } from '../test-support/gradient-suite.ts';
import { type GradientCase, randomTensor, testParameters } from '../test-support/gradients.ts';
import { noiseFor } from './noise.ts';

/** Two rows of 5 places: an example of 5 inputs, and one of 2 with padding behind it. */
const batch = {
  exampleIds: Int32Array.of(0, 0, 0, 0, 0, 1, 1, -1, -1, -1),
  positions: Int32Array.of(0, 1, 2, 3, 4, 0, 1, 0, 0, 0),
};
const place = { seed: 1, step: 2, microBatch: 3 };
const tokens = 10;

const valuesOf = (make: () => tf.Tensor): number[] => tf.tidy(() => [...make().dataSync()]);

describe('the mask of dropout', () => {
  beforeAll(async () => void (await openEngine('wasm')));
  const draw = (at: Partial<typeof place> = {}, { layer = 'q', rate = 0.1, shape = [301, 201] as const } = {}) => {
    const { adapterDropout } = noiseFor({ ...place, ...at }, batch, { adapterDropout: rate, neftuneAlpha: 0 });
    return valuesOf(() => adapterDropout?.mask(layer, [...shape]) as tf.Tensor);
  };

  it.each([0.05, 0.1, 0.5, 0.9])('leaves out %f of the values, in every row and column alike', (rate) => {
    const [rows, columns] = [301, 201];
    const values = draw({}, { rate });
    expect(values.length).toBe(rows * columns);
    expect(values.every((value) => value === 0 || value === 1)).toBe(true);
    const deviation = Math.sqrt((rate * (1 - rate)) / values.length);
    expect(Math.abs(1 - values.reduce((sum, value) => sum + value, 0) / values.length - rate)).toBeLessThan(
      5 * deviation,
    );
    for (const [count, of] of [
      [columns, (i: number) => i % columns],
      [rows, (i: number) => Math.floor(i / columns)],
    ] as const) {
      const sums = new Float64Array(count);
      for (const [i, value] of values.entries()) sums[of(i)]! += 1 - value;
      const size = values.length / count;
      const widest = sums.reduce((most, sum) => Math.max(most, Math.abs(sum / size - rate)), 0);
      expect(widest).toBeLessThan(6 * Math.sqrt((rate * (1 - rate)) / size));
    }
  });

  it('is that of its place: the same again, another in another step, micro-batch, layer and run', () => {
    const first = draw();
    expect(draw()).toEqual(first);
    const others = [draw({ step: 3 }), draw({ microBatch: 2 }), draw({ seed: 2 }), draw({}, { layer: 'k' })];
    for (const other of others) {
      const both = other.filter((value, i) => value === 0 && first[i] === 0).length / first.length;
      expect(both).toBeGreaterThan(0.007);
      expect(both).toBeLessThan(0.013);
    }
  });
});

describe('the noise on embeddings', () => {
  beforeAll(async () => void (await openEngine('wasm')));

  it('is uniform within α / √(L · d), by the real length of each example, and none on padding', () => {
    const hidden = 400;
    const { embeddings } = noiseFor(place, batch, { adapterDropout: 0, neftuneAlpha: 5 });
    const values = valuesOf(() => embeddings?.(hidden) as tf.Tensor);
    for (const [from, to, length] of [
      [0, 5, 5],
      [5, 7, 2],
    ] as const) {
      const own = values.slice(from * hidden, to * hidden);
      const largest = 5 / Math.sqrt(length * hidden);
      expect(Math.max(...own.map(Math.abs))).toBeLessThanOrEqual(largest);
      expect(Math.max(...own)).toBeGreaterThan(0.98 * largest);
      expect(Math.min(...own)).toBeLessThan(-0.98 * largest);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      expect(Math.abs(mean)).toBeLessThan(0.1 * largest);
    }
    expect(values.slice(7 * hidden).every((value) => value === 0)).toBe(true);
  });

  it('is not there where there is to be none, and neither is dropout', () => {
    expect(noiseFor(place, batch, { adapterDropout: 0, neftuneAlpha: 0 })).toEqual({});
  });
});

const joined: JoinedLinear = {
  name: 'joined',
  inputs: 6,
  bias: true,
  parts: [
    { name: 'first', outputs: 4, adapter: { rank: 2, scale: 1.5 } },
    { name: 'second', outputs: 3 },
    { name: 'third', outputs: 2, adapter: { rank: 3, scale: 0.5 } },
  ],
};
const joinedTensors = () => ({
  'joined.weight': randomTensor([9, 6], 1),
  'joined.bias': randomTensor([9], 2),
  'joined.lora_A': randomTensor([5, 6], 3),
  'first.lora_B': randomTensor([4, 2], 4),
  'third.lora_B': randomTensor([2, 3], 5),
});
const decomposed: JoinedLinear = {
  name: 'lone',
  inputs: 6,
  bias: false,
  parts: [{ name: 'lone', outputs: 4, adapter: { rank: 2, scale: 1.5, dora: true } }],
};
const noise = noiseFor(place, batch, { adapterDropout: 0.4, neftuneAlpha: 0 });

const cases: Record<string, () => GradientCase> = {
  'joined layers with dropout before their adapters': () => {
    const parameters = testParameters(joinedTensors());
    return { input: randomTensor([tokens, 6], 6), parameters, layer: linear(parameters, joined, noise) };
  },
  'the same over a norm, which is computed again': () => {
    const parameters = testParameters({ ...joinedTensors(), w: randomTensor([6], 9) });
    const layer = recomputeInput(rmsNorm(parameters, 'w', 1e-5), linear(parameters, joined, noise));
    return { input: randomTensor([tokens, 6], 6), parameters, layer };
  },
  'DoRA with dropout': () => {
    const parameters = testParameters({
      'lone.weight': randomTensor([4, 6], 1),
      'lone.lora_A': randomTensor([2, 6], 3),
      'lone.lora_B': randomTensor([4, 2], 4),
      'lone.lora_magnitude': randomTensor([4], 6, 2),
    });
    return { input: randomTensor([tokens, 6], 8), parameters, layer: decomposedLinear(parameters, decomposed, noise) };
  },
};

describe.each(await enginesToTest())('with a fixed mask on %s, gradients', (engine) => {
  itHasItsGradients(engine, cases);

  it('belong to scale · B A (mask ∘ x) / (1 − rate), as in PEFT', async () => {
    await openEngine(engine);
    tf.tidy(() => {
      const spec = { ...joined, bias: false };
      const tensors = joinedTensors();
      const x = randomTensor([tokens, 6], 6);
      const dropped = tf.div(tf.mul(x, noise.adapterDropout?.mask('joined', [tokens, 6]) as tf.Tensor), 0.6);
      const ranks = tf.matMul(dropped, tensors['joined.lora_A'], false, true);
      const part = (from: number, rank: number, b: tf.Tensor, scale: number) =>
        tf.mul(tf.matMul(tf.slice(ranks, [0, from], [tokens, rank]), b, false, true), scale);
      const own = tf.matMul(x, tensors['joined.weight'], false, true);
      const added = [
        part(0, 2, tensors['first.lora_B'], 1.5),
        tf.zeros([tokens, 3]),
        part(2, 3, tensors['third.lora_B'], 0.5),
      ];
      const expected = tf.add(own, tf.concat(added, 1)).dataSync();
      const result = linear(testParameters(tensors), spec, noise)(x);
      for (const [i, value] of result.output.dataSync().entries()) expect(value).toBeCloseTo(expected[i] as number, 4);
      result.dispose();
    });
  });
});

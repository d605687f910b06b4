import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { enginesToTest } from '../../test-support/engines.ts';
import { itHasItsGradients } from '../../test-support/gradient-suite.ts';
import { type GradientCase, randomTensor, testParameters } from '../../test-support/gradients.ts';
import { attention } from '../attention/attention.ts';
import { blockedAttention } from '../attention/blocked-attention.ts';
import { rotaryAt } from '../attention/rotary.ts';
import { maskOf } from '../attention/spans.ts';
import { chain, type Layer, layerResult, recomputeInput, residual } from './layer.ts';
import { type JoinedLinear, linear } from './linear.ts';
import { rmsNorm } from './rms-norm.ts';
import { swiglu } from './swiglu.ts';

const rows = 2;
const length = 5;
const tokens = rows * length;

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
const lone: JoinedLinear = { name: 'lone', inputs: 6, bias: false, parts: [{ name: 'lone', outputs: 4 }] };

/** What each layer is tested on; made anew for every test, because layers free what they keep. */
const cases: Record<string, () => GradientCase> = {
  'RMS norm': () => {
    const parameters = testParameters({ w: randomTensor([6], 1) });
    return { input: randomTensor([tokens, 6], 2), parameters, layer: rmsNorm(parameters, 'w', 1e-5) };
  },
  'a linear layer': () => {
    const parameters = testParameters({ 'lone.weight': randomTensor([4, 6], 1) });
    return { input: randomTensor([tokens, 6], 2), parameters, layer: linear(parameters, lone) };
  },
  'joined linear layers with bias, two of three with adapters': () => {
    const parameters = testParameters({
      'joined.weight': randomTensor([9, 6], 1),
      'joined.bias': randomTensor([9], 2),
      'joined.lora_A': randomTensor([5, 6], 3),
      'first.lora_B': randomTensor([4, 2], 4),
      'third.lora_B': randomTensor([2, 3], 5),
    });
    return { input: randomTensor([tokens, 6], 6), parameters, layer: linear(parameters, joined) };
  },
  SwiGLU: () => ({ input: randomTensor([tokens, 8], 1, 3), parameters: testParameters({}), layer: swiglu }),
  'grouped-query attention with rotary positions': () => {
    const shape = { heads: 6, keyValueHeads: 2, headSize: 4 };
    const positions = Array.from({ length: tokens }, (_, i) => i % length);
    const mask = maskOf({ rows, length });
    const sequence = { rows, length, rotary: rotaryAt(positions, 4, 100), mask: () => mask };
    return {
      input: randomTensor([tokens, 40], 1, 2),
      parameters: testParameters({}),
      layer: attention(shape, sequence),
    };
  },
  'attention over spans, scaled, soft-capped, with half of a head rotated': () => {
    const shape = { heads: 2, keyValueHeads: 1, headSize: 8, scale: 0.5, softcap: 0.7 };
    const positions = Array.from({ length: tokens }, (_, i) => i % length);
    const spans = { starts: Int32Array.of(0, 0, 1, 1, 3, 0, 1, 2, 2, 4), prefixes: Int32Array.of(1, 0) };
    const mask = maskOf({ rows, length }, spans);
    const sequence = { rows, length, rotary: rotaryAt(positions, 4, 100), spans, mask: () => mask };
    return {
      input: randomTensor([tokens, 32], 1, 2),
      parameters: testParameters({}),
      layer: attention(shape, sequence),
    };
  },
  'attention over spans, scaled and soft-capped, two queries at a time': () => {
    const shape = { heads: 4, keyValueHeads: 2, headSize: 4, scale: 0.5, softcap: 0.7 };
    const positions = Array.from({ length: tokens }, (_, i) => i % length);
    const spans = { starts: Int32Array.of(0, 0, 1, 1, 3, 0, 1, 2, 2, 4), prefixes: Int32Array.of(1, 0) };
    const mask = () => maskOf({ rows, length }, spans);
    const sequence = { rows, length, rotary: rotaryAt(positions, 4, 100), spans, mask };
    return {
      input: randomTensor([tokens, 32], 1, 2),
      parameters: testParameters({}),
      layer: blockedAttention(shape, sequence, 2 * rows * shape.heads * length),
    };
  },
  'a linear layer over a norm, which is computed again': () => {
    const tensors = { w: randomTensor([6], 1), 'lone.weight': randomTensor([4, 6], 2) };
    const parameters = testParameters(tensors);
    const layer = recomputeInput(rmsNorm(parameters, 'w', 1e-5), linear(parameters, lone));
    return { input: randomTensor([tokens, 6], 3), parameters, layer };
  },
  'a residual chain': () => {
    const parameters = testParameters({ w: randomTensor([6], 1), 'square.weight': randomTensor([6, 6], 2) });
    const square = linear(parameters, {
      name: 'square',
      inputs: 6,
      bias: false,
      parts: [{ name: 'square', outputs: 6 }],
    });
    const layer = residual(chain(rmsNorm(parameters, 'w', 1e-5), square));
    return { input: randomTensor([tokens, 6], 3), parameters, layer };
  },
};

describe.each(await enginesToTest())('gradients on %s', (engine) => itHasItsGradients(engine, cases));

describe('a layer', () => {
  it('keeps what its pullback needs, though the caller frees the input', async () => {
    await openEngine('wasm');
    const square: Layer = (x) =>
      layerResult((keep) => {
        const input = keep(x);
        return { output: tf.square(x), pullback: (dy) => tf.mul(dy, tf.mul(2, input)) };
      });
    const x = tf.tensor1d([1, 2, 3]);
    const { pullback } = square(x);
    x.dispose();
    expect([...pullback(tf.tensor1d([1, 1, 1])).dataSync()]).toEqual([2, 4, 6]);
  });

  it('never computes the gradient of a frozen parameter', async () => {
    await openEngine('wasm');
    const parameters = testParameters({ 'lone.weight': randomTensor([4, 6], 1) });
    let asked = 0;
    const frozen = { ...parameters, accumulate: () => void asked++ };
    linear(frozen, lone)(randomTensor([tokens, 6], 2)).pullback(randomTensor([tokens, 4], 3));
    expect(asked).toBe(1);
    expect(parameters.gradients.size).toBe(0);
  });
});

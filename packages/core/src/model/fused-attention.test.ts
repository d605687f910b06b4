import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { currentEngine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { randomTensor } from '../test-support/gradients.ts';
import { attention, attentionWith } from './attention.ts';
import { mixFused } from './fused-attention.ts';
import type { GroupedHeads, Mixer, Sequence } from './grouped-heads.ts';
import { mixPlainly } from './plain-attention.ts';
import { rotaryAt } from './rotary.ts';
import { maskOf } from './spans.ts';

const rows = 3;
const hasKernels =
  (await enginesToTest()).includes('tfjs-node') && (await openEngine('tfjs-node')).fusedKernels === true;

function sequenceOf(length: number, headSize: number): Sequence {
  const positions = Array.from({ length: rows * length }, (_, i) => i % length);
  const mask = maskOf({ rows, length });
  return { rows, length, rotary: rotaryAt(positions, headSize, 100), mask: () => mask };
}

function randomHeads(length: number, headSize: number, group: number): GroupedHeads {
  return {
    queries: randomTensor([rows, group * length, headSize], 1, 2),
    keys: randomTensor([rows, length, headSize], 2, 2),
    values: randomTensor([rows, length, headSize], 3),
  };
}

function plainMixer(length: number, headSize: number, group: number): Mixer {
  return mixPlainly({ heads: group, keyValueHeads: 1, headSize }, sequenceOf(length, headSize));
}

/** Output and gradients, without a layer around them. */
function run(mix: Mixer, heads: GroupedHeads, dMixed: tf.Tensor): Record<string, Float32Array> {
  const { mixed, pullback } = mix(heads, (x) => x);
  const gradients = pullback(dMixed);
  const all = { mixed, queries: gradients.queries, keys: gradients.keys, values: gradients.values };
  return Object.fromEntries(Object.entries(all).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]));
}

const largestOf = (x: Float32Array): number => x.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

function expectClose(actual: Float32Array, expected: Float32Array, name: string, scale = largestOf(expected)): void {
  expect(actual.length).toBe(expected.length);
  const error = largestOf(actual.map((value, i) => value - (expected[i] as number)));
  expect(error, name).toBeLessThanOrEqual(1e-5 * scale);
}

const shapes = [1, 7, 33, 160, 300].flatMap((length) => [4, 8, 24, 64].map((headSize) => ({ length, headSize })));

describe.skipIf(!hasKernels)('fused attention (skipped where no native engine with kernels is installed)', () => {
  beforeAll(async () => void (await openEngine('tfjs-node')));

  it.each(shapes)('equals its plain twin at length $length and head size $headSize', ({ length, headSize }) => {
    for (const group of [1, 2, 3]) {
      tf.tidy(() => {
        const heads = randomHeads(length, headSize, group);
        const dMixed = randomTensor([rows, group * length, headSize], 4);
        const expected = run(plainMixer(length, headSize, group), heads, dMixed);
        const actual = run(mixFused, heads, dMixed);
        for (const [name, values] of Object.entries(expected)) {
          // A lone token has no choice: these gradients are 0, and what is left of dP − Σ dMixed ⊙ mixed is rounding.
          const vanishes = length === 1 && (name === 'queries' || name === 'keys');
          const scale = vanishes ? 0.1 * headSize : largestOf(values);
          expectClose(actual[name] as Float32Array, values, `${name}, group ${group}`, scale);
        }
      });
    }
  });

  it('is what a layer uses, with the same gradient as the plain one', () => {
    const shape = { heads: 6, keyValueHeads: 2, headSize: 8 };
    const sequence = sequenceOf(20, 8);
    const qkv = randomTensor([rows * 20, 80], 1, 2);
    const dy = randomTensor([rows * 20, 48], 2);
    const own = attention(shape, sequence)(qkv);
    const plain = attentionWith(mixPlainly(shape, sequence), shape, sequence)(qkv);
    expect(currentEngine().fusedKernels).toBe(true);
    expectClose(own.output.dataSync<'float32'>(), plain.output.dataSync<'float32'>(), 'output');
    expectClose(own.pullback(dy).dataSync<'float32'>(), plain.pullback(dy).dataSync<'float32'>(), 'gradient');
  });

  it.each([
    { name: 'no rows', queries: [0, 6, 8], keys: [0, 3, 8] },
    { name: 'no tokens', queries: [2, 0, 8], keys: [2, 0, 8] },
  ])('takes $name', ({ queries, keys }) => {
    const heads = { queries: tf.zeros(queries), keys: tf.zeros(keys), values: tf.zeros(keys) };
    const results = run(mixFused, heads, tf.zeros(queries));
    for (const values of Object.values(results)) expect(values).toHaveLength(0);
  });

  it('stays finite where scores are as large as f32 allows to tell apart', () => {
    const heads = randomHeads(40, 8, 1);
    const results = run(mixFused, { ...heads, keys: tf.mul(heads.keys, 1e4) }, tf.ones([rows, 40, 8]));
    for (const values of Object.values(results)) expect(values.every(Number.isFinite)).toBe(true);
  });

  it.each([Number.NaN, Infinity])('passes a %s in a key on to everything that depends on it', (poison) => {
    const length = 40;
    const at = 25;
    const heads = randomHeads(length, 8, 1);
    const keys = heads.keys
      .dataSync<'float32'>()
      .slice()
      .fill(poison, at * 8, (at + 1) * 8);
    // Positive queries, so that an infinite key gives an infinite score, whose softmax is ∞ − ∞.
    const results = run(
      mixFused,
      { queries: tf.abs(heads.queries), keys: tf.tensor(keys, [rows, length, 8]), values: heads.values },
      tf.ones([rows, length, 8]),
    );
    // All of it in the first row; the other rows have nothing to do with it.
    const mixed = results.mixed as Float32Array;
    expect(mixed.subarray(0, at * 8).every(Number.isFinite)).toBe(true);
    expect(mixed.subarray(at * 8, length * 8).every(Number.isNaN)).toBe(true);
    expect(mixed.subarray(length * 8).every(Number.isFinite)).toBe(true);
    const dKeys = results.keys as Float32Array;
    expect(dKeys.subarray(0, length * 8).every(Number.isNaN)).toBe(true);
    expect(dKeys.subarray(length * 8).every(Number.isFinite)).toBe(true);
  });

  it('refuses shapes that do not fit', () => {
    const heads = randomHeads(4, 8, 1);
    expect(() => run(mixFused, { ...heads, values: tf.zeros([rows, 4, 7]) }, heads.queries)).toThrow(/do not fit/);
    expect(() => run(mixFused, { ...heads, keys: tf.zeros([rows, 3, 8]) }, heads.queries)).toThrow(/queries are/);
  });

  it('leaves no tensor behind', () => {
    const shape = { heads: 2, keyValueHeads: 1, headSize: 8 };
    const sequence = sequenceOf(5, 8);
    const qkv = randomTensor([rows * 5, 32], 1);
    const before = tf.memory().numTensors;
    const { output, pullback } = attentionWith(mixFused, shape, sequence)(qkv);
    const gradient = pullback(output);
    tf.dispose([output, gradient]);
    const abandoned = attentionWith(mixFused, shape, sequence)(qkv);
    abandoned.dispose();
    abandoned.output.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

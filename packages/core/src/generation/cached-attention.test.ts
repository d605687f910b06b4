import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { attention } from '../model/attention/attention.ts';
import type { Sequence } from '../model/attention/grouped-heads.ts';
import { rotaryAt } from '../model/attention/rotary.ts';
import { maskOf } from '../model/attention/spans.ts';
import { isBfloat16, type Precision, toFloat32, toPrecision } from '../tensor/bfloat16.ts';
import { enginesToTest, skipWithoutBfloat16 } from '../test-support/engines.ts';
import { randomTensor } from '../test-support/random-tensor.ts';
import { cachedAttention, forget, type KeyValues } from './cached-attention.ts';

const shape = { heads: 4, keyValueHeads: 2, headSize: 8 };
const length = 9;

/** The places [from, to) of one row. */
function sequenceOf(from: number, to: number): Sequence {
  const positions = Array.from({ length: to - from }, (_, i) => from + i);
  const mask = () => tf.slice(maskOf({ rows: 1, length }), [0, 0, from, 0], [1, 1, to - from, to]);
  return { rows: 1, length: to - from, rotary: rotaryAt(positions, shape.headSize, 100), mask };
}

/** Stretch by stretch, each seeing what the cache holds of those before it. */
function attendWithCache(qkv: tf.Tensor, ends: readonly number[]): tf.Tensor[] {
  const cache: KeyValues = { keys: undefined, values: undefined };
  const outputs = ends.map((to, i) => {
    const from = ends[i - 1] ?? 0;
    const stretch = toPrecision(tf.slice(toFloat32(qkv), [from, 0], [to - from, -1]), isBfloat16(qkv) ? 'bf16' : 'f32');
    return cachedAttention(shape, sequenceOf(from, to), cache)(stretch).output;
  });
  forget(cache);
  return outputs;
}

// bfloat16: the rounded queries and keys, the probabilities and the result of the attention it is compared with.
const tolerances: Record<Precision, number> = { f32: 1e-5, bf16: 4 * 2 ** -9 };

describe.each(await enginesToTest())('attention with a cache on %s', (engine) => {
  it.for(['f32', 'bf16'] as const)('gives what attention over all tokens gives, in %s', async (precision, context) => {
    await openEngine(engine);
    skipWithoutBfloat16(context, precision);
    const qkv = toPrecision(randomTensor([length, 64], 1, 2), precision);
    const expected = toFloat32(attention(shape, sequenceOf(0, length))(qkv).output);
    const outputs = attendWithCache(qkv, [4, 5, 6, length]);
    for (const output of outputs) expect(isBfloat16(output)).toBe(precision === 'bf16');
    const error = tf.max(tf.abs(tf.sub(tf.concat(outputs.map(toFloat32)), expected))).arraySync() as number;
    expect(error).toBeLessThanOrEqual(tolerances[precision] * (tf.max(tf.abs(expected)).arraySync() as number));
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { enginesToTest } from '../../test-support/engines.ts';
import { randomTensor } from '../../test-support/gradients.ts';
import { tinyDecoder } from '../../test-support/tiny-model.ts';
import { inferHiddenStates } from '../decoder.ts';
import { attention } from './attention.ts';
import type { Sequence } from './grouped-heads.ts';
import { rotaryAt } from './rotary.ts';
import { type AttentionSpans, maskOf, withWindow } from './spans.ts';

const shape = { heads: 4, keyValueHeads: 2, headSize: 8 };
const features = 64;
const examples = [5, 1, 7];

const visible = (mask: tf.Tensor): string[] => {
  const [masks, , length] = mask.shape as [number, number, number];
  const rows = tf.reshape(mask, [masks * length, length]).arraySync() as number[][];
  return rows.map((row) => row.map((value) => (value === 0 ? 'x' : '·')).join(''));
};

describe('a mask', () => {
  beforeAll(async () => void (await openEngine('wasm')));

  it('is causal without spans', () => {
    expect(visible(maskOf({ rows: 2, length: 3 }))).toEqual(['x··', 'xx·', 'xxx']);
  });

  it('keeps packed examples apart, behind a prefix that all of them see', () => {
    const spans = { starts: Int32Array.of(0, 0, 2, 2, 4), prefixes: Int32Array.of(2) };
    expect(visible(maskOf({ rows: 1, length: 5 }, spans))).toEqual(['x····', 'xx···', 'xxx··', 'xxxx·', 'xx··x']);
  });

  it('leaves no token without any: it sees itself at least', () => {
    const spans = { starts: Int32Array.of(2, 2), prefixes: Int32Array.of(0) };
    expect(visible(maskOf({ rows: 1, length: 2 }, spans))).toEqual(['x·', '·x']);
  });

  it('slides as a window, within the spans there are', () => {
    const grid = { rows: 1, length: 5 };
    expect(visible(maskOf(grid, withWindow(grid, 2)))).toEqual(['x····', 'xx···', '·xx··', '··xx·', '···xx']);
    const packed = { starts: Int32Array.of(0, 0, 2, 2, 2), prefixes: Int32Array.of(0) };
    expect(visible(maskOf(grid, withWindow(grid, 2, packed)))).toEqual(['x····', 'xx···', '··x··', '··xx·', '···xx']);
  });

  it('does not slide over a shared prefix', () => {
    const grid = { rows: 1, length: 4 };
    const spans = { starts: Int32Array.of(0, 0, 2, 2), prefixes: Int32Array.of(2) };
    expect(withWindow(grid, 4, spans)).toEqual(spans);
    expect(() => withWindow(grid, 3, spans)).toThrow('prefix of 2 tokens does not fit into a window of 3');
  });
});

describe.each(await enginesToTest())('a packed row on %s', (engine) => {
  beforeAll(async () => void (await openEngine(engine)));

  /** Output and gradient of one row of tokens. */
  function attend(qkv: tf.Tensor, dy: tf.Tensor, positions: number[], spans?: AttentionSpans): [tf.Tensor, tf.Tensor] {
    const grid = { rows: 1, length: positions.length };
    const rotary = rotaryAt(positions, shape.headSize, 100);
    const sequence: Sequence = { ...grid, rotary, spans, mask: () => maskOf(grid, spans) };
    const { output, pullback } = attention(shape, sequence)(qkv);
    return [output, pullback(dy)];
  }

  it.each([0, 6])('equals its examples alone, behind a shared prefix of %i', (prefix) => {
    const length = prefix + examples.reduce((sum, count) => sum + count);
    const qkv = randomTensor([length, features], 1, 2);
    const dy = randomTensor([length, 32], 2);
    const positions = [...Array(prefix).keys()];
    const starts = Array<number>(prefix).fill(0);
    const outputs: tf.Tensor[] = [];
    const gradients: tf.Tensor[] = [];
    let prefixGradient = tf.zeros([prefix, features]);
    for (const count of examples) {
      const at = starts.length;
      // The prefix's own outputs lead into one loss, so their gradient comes back once.
      const alone = (x: tf.Tensor) => tf.concat([tf.slice(x, [0, 0], [prefix, -1]), tf.slice(x, [at, 0], [count, -1])]);
      const ownGradient = tf.mul(alone(dy), outputs.length === 0 ? 1 : behind(prefix, count));
      const [output, gradient] = attend(alone(qkv), ownGradient, [...Array(prefix + count).keys()]);
      if (outputs.length === 0) outputs.push(tf.slice(output, [0, 0], [prefix, -1]));
      outputs.push(tf.slice(output, [prefix, 0]));
      gradients.push(tf.slice(gradient, [prefix, 0]));
      prefixGradient = tf.add(prefixGradient, tf.slice(gradient, [0, 0], [prefix, -1]));
      starts.push(...Array<number>(count).fill(at));
      positions.push(...Array.from({ length: count }, (_, i) => prefix + i));
    }
    const spans = { starts: Int32Array.from(starts), prefixes: Int32Array.of(prefix) };
    const [output, gradient] = attend(qkv, dy, positions, spans);
    expectClose(output, tf.concat(outputs));
    expectClose(gradient, tf.concat([prefixGradient, ...gradients]));
  });

  it('goes through a whole decoder like its examples', async () => {
    const decoder = tinyDecoder({ train: 'nothing' });
    const rows = [[3, 1, 4, 1, 5], [9], [2, 6, 5, 3]];
    const alone: tf.Tensor[] = [];
    for (const ids of rows) {
      const positions = Int32Array.from(ids, (_, i) => i);
      const grid = { rows: 1, length: ids.length, inputIds: Int32Array.from(ids), positions };
      alone.push(await inferHiddenStates(decoder, grid));
    }
    const spans = { starts: Int32Array.of(0, 0, 0, 0, 0, 5, 6, 6, 6, 6), prefixes: Int32Array.of(0) };
    const inputIds = Int32Array.from(rows.flat());
    const positions = Int32Array.from(rows.flatMap((ids) => [...ids.keys()]));
    expectClose(
      await inferHiddenStates(decoder, { rows: 1, length: 10, inputIds, positions, spans }),
      tf.concat(alone),
    );
    decoder.parameters.dispose();
  });
});

/** 0 for the prefix, 1 for what comes after it. */
const behind = (prefix: number, count: number): tf.Tensor => tf.concat([tf.zeros([prefix, 1]), tf.ones([count, 1])]);

function expectClose(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const error = tf.max(tf.abs(tf.sub(actual, expected))).arraySync() as number;
  expect(error).toBeLessThanOrEqual(1e-5 * (tf.max(tf.abs(expected)).arraySync() as number));
}

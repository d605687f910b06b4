import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { isBfloat16, type Precision, toFloat32, toPrecision } from '../../tensor/bfloat16.ts';
import {
  attentionCases,
  columnsOf,
  compareAttention,
  type Differences,
  sequenceOf,
  spansOf,
} from '../../test-support/compare-attention.ts';
import { enginesWithKernels } from '../../test-support/engines.ts';
import { randomTensor } from '../../test-support/gradients.ts';
import { fusedAttention } from './fused-attention.ts';
import type { AttentionShape, Sequence } from './grouped-heads.ts';
import { plainAttention } from './plain-attention.ts';

const withKernels = await enginesWithKernels();

/**
 * bfloat16 has 8 significant bits: rounding to it errs by up to 2⁻⁹ of a value. On the way to a result four things are
 * rounded one after the other: the rotated queries and keys, the probabilities or the gradients of the scores, what
 * comes back into a product from the other direction, and the result.
 */
const TOLERANCE: Record<Precision, number> = { f32: 1e-5, bf16: 4 * 2 ** -9 };

function expectSmall({ output, queries, keys, values }: Differences, precision: Precision, name: string): void {
  expect(Math.max(output, queries, keys, values), name).toBeLessThanOrEqual(TOLERANCE[precision]);
}

const valuesOf = (tensor: tf.Tensor): Float32Array => toFloat32(tensor).dataSync<'float32'>();

/** Output and gradient of a layer, on random tokens that `change` may have changed. */
function attend(shape: AttentionShape, sequence: Sequence, change: (qkv: tf.Tensor) => tf.Tensor = (x) => x) {
  const tokens = sequence.rows * sequence.length;
  const { output, pullback } = fusedAttention(shape, sequence)(change(randomTensor([tokens, columnsOf(shape)], 1, 2)));
  const gradient = pullback(randomTensor([tokens, shape.heads * shape.headSize], 2));
  return { output: valuesOf(output), gradient: valuesOf(gradient) };
}

describe.each(withKernels)('fused attention on %s', (engine) => {
  beforeAll(async () => void (await openEngine(engine)));

  it.each(Object.entries(attentionCases))('equals its plain twin: %s', (name, test) => {
    for (const precision of ['f32', 'bf16'] as const) {
      expectSmall(compareAttention({ ...test, precision }), precision, `${name}, ${precision}`);
    }
  });

  it.each(['bfloat16', 'avx512', 'avx2', 'baseline'])(
    'equals its plain twin with the instructions of %s',
    async (set) => {
      const script = join(import.meta.dirname, '../../test-support/compare-attention.ts');
      const env = { ...process.env, COUNTERWEIGHT_KERNELS: set };
      const { stdout } = await promisify(execFile)(process.execPath, [script, engine], { env });
      const all = JSON.parse(stdout) as (Differences & { name: string; precision: Precision })[];
      expect(all).toHaveLength(2 * Object.keys(attentionCases).length);
      for (const { name, precision, ...differences } of all)
        expectSmall(differences, precision, `${name}, ${precision}`);
    },
  );

  it('gives the same bits every time, whoever computes which part', () => {
    const shape = { heads: 3, keyValueHeads: 1, headSize: 16 };
    const sequence = sequenceOf({ rows: 1, length: 300 }, 16);
    const first = attend(shape, sequence);
    for (let i = 0; i < 5; i++) expect(attend(shape, sequence)).toEqual(first);
  });

  it('answers in the precision it is asked in, as its plain twin does', () => {
    const shape = { heads: 2, keyValueHeads: 1, headSize: 8 };
    const sequence = sequenceOf({ rows: 2, length: 5 }, 8);
    const qkv = toPrecision(randomTensor([10, 32], 1), 'bf16');
    for (const layer of [fusedAttention(shape, sequence), plainAttention(shape, sequence)]) {
      const { output, pullback } = layer(qkv);
      expect([isBfloat16(output), isBfloat16(pullback(output))]).toEqual([true, true]);
    }
  });

  it.each([
    { name: 'no rows', grid: { rows: 0, length: 4 } },
    { name: 'no tokens', grid: { rows: 2, length: 0 } },
  ])('takes $name', ({ grid }) => {
    const shape = { heads: 6, keyValueHeads: 2, headSize: 8 };
    const { output, gradient } = attend(shape, sequenceOf(grid, 0));
    expect([output.length, gradient.length]).toEqual([0, 0]);
  });

  it('stays finite where scores are as large as f32 allows to tell apart', () => {
    const shape = { heads: 2, keyValueHeads: 2, headSize: 8 };
    for (const precision of ['f32', 'bf16'] as const) {
      const { output, gradient } = attend(shape, sequenceOf({ rows: 3, length: 40 }, 8), (qkv) =>
        toPrecision(tf.mul(qkv, 100), precision),
      );
      expect([...output, ...gradient].every(Number.isFinite)).toBe(true);
    }
  });

  it('stays finite on padding, whatever its tokens and spans are', () => {
    const shape = { heads: 2, keyValueHeads: 1, headSize: 8 };
    const grid = { rows: 1, length: 50 };
    const starts = Int32Array.from({ length: 50 }, (_, i) => (i < 40 ? 0 : i % 2 === 0 ? i : 1e9));
    const sequence = sequenceOf(grid, 8, { starts, prefixes: Int32Array.of(0) });
    const { output, gradient } = attend(shape, sequence, (qkv) =>
      tf.pad(tf.slice(qkv, [0, 0], [40, -1]), [
        [0, 10],
        [0, 0],
      ]),
    );
    expect([...output, ...gradient].every(Number.isFinite)).toBe(true);
    expect(output.subarray(40 * 16).every((x) => x === 0)).toBe(true);
  });

  it.each([Number.NaN, Infinity])(
    'passes a %s in a key on to everything that sees it, and to nothing else',
    (poison) => {
      const shape = { heads: 1, keyValueHeads: 1, headSize: 8 };
      const grid = { rows: 2, length: 40 };
      const at = 25;
      // Positive queries, so that an infinite key gives an infinite score, whose softmax is ∞ − ∞.
      const { output, gradient } = attend(shape, sequenceOf(grid, 0, spansOf(grid, 'packed examples')), (qkv) => {
        const values = tf.abs(qkv).dataSync<'float32'>().slice();
        return tf.tensor(values.fill(poison, at * 24 + 8, at * 24 + 16), qkv.shape);
      });
      const seenBy = (place: number) => place >= at && place < 29;
      const keyGradient = (token: number) => gradient.subarray(token * 24 + 8, token * 24 + 16);
      for (let token = 0; token < 80; token++) {
        const poisoned = seenBy(token);
        expect(output.subarray(token * 8, token * 8 + 8).every(Number.isNaN), `output ${token}`).toBe(poisoned);
        // Whoever is seen by a poisoned query gets a poisoned gradient.
        expect(keyGradient(token).every(Number.isNaN), `gradient of key ${token}`).toBe(token < 29);
      }
    },
  );

  it('refuses shapes that do not fit', () => {
    const call = (shape: AttentionShape, columns: number, sequence: Sequence) =>
      fusedAttention(shape, sequence)(tf.zeros([8, columns]));
    const shape = { heads: 2, keyValueHeads: 1, headSize: 8 };
    const sequence = sequenceOf({ rows: 2, length: 4 }, 8);
    expect(() => call(shape, 33, sequence)).toThrow(/input is/);
    expect(() => call({ ...shape, keyValueHeads: 3 }, 64, sequence)).toThrow(/input is/);
    expect(() => call(shape, 32, { ...sequence, rows: 3 })).toThrow(/input is/);
    expect(() => call(shape, 32, sequenceOf({ rows: 2, length: 3 }, 8))).toThrow(/do not fit/);
    expect(() => call({ heads: 6, keyValueHeads: 1, headSize: 4 }, 32, sequence)).toThrow(/more is rotated/);
    const spans = { starts: new Int32Array(7), prefixes: new Int32Array(2) };
    expect(() => call(shape, 32, { ...sequence, spans })).toThrow(/do not fit/);
  });

  it('leaves no tensor behind', () => {
    const shape = { heads: 2, keyValueHeads: 1, headSize: 8 };
    const sequence = sequenceOf({ rows: 3, length: 5 }, 8, spansOf({ rows: 3, length: 5 }, 'a window'));
    const qkv = randomTensor([15, 32], 1);
    const before = tf.memory().numTensors;
    const { output, pullback } = fusedAttention(shape, sequence)(qkv);
    const gradient = pullback(output);
    tf.dispose([output, gradient]);
    const abandoned = fusedAttention(shape, sequence)(qkv);
    abandoned.dispose();
    abandoned.output.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

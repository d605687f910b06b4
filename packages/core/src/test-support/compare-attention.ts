import * as tf from '@tensorflow/tfjs-core';
import { openEngine } from '../engine/open-engine.ts';
import { fusedAttention } from '../model/attention/fused-attention.ts';
import type { AttentionShape, Sequence } from '../model/attention/grouped-heads.ts';
import { plainAttention } from '../model/attention/plain-attention.ts';
import { rotaryAt } from '../model/attention/rotary.ts';
import { type AttentionSpans, type Grid, maskOf, withWindow } from '../model/attention/spans.ts';
import type { Layer } from '../model/layers/layer.ts';
import { type Precision, toFloat32, toPrecision } from '../tensor/bfloat16.ts';
import type { EngineName } from '../tensor/engine.ts';
import { randomTensor } from './random-tensor.ts';

export type Seen =
  | 'everything before'
  | 'packed examples'
  | 'a shared prefix'
  | 'a window'
  | 'packed examples in a window';

export interface AttentionCase {
  readonly grid: Grid;
  readonly shape: AttentionShape;
  readonly seen?: Seen;
  /** Features of a head that are rotated, all by default. */
  readonly rotarySize?: number;
  readonly precision?: Precision;
}

/** The largest difference between the fused attention and its plain twin, relative to the largest value. */
export interface Differences {
  readonly output: number;
  readonly queries: number;
  readonly keys: number;
  readonly values: number;
}

export const columnsOf = ({ heads, keyValueHeads, headSize }: AttentionShape): number =>
  (heads + 2 * keyValueHeads) * headSize;

export function sequenceOf(grid: Grid, rotarySize: number, spans?: AttentionSpans): Sequence {
  const positions = Array.from({ length: grid.rows * grid.length }, (_, i) => i % grid.length);
  const rotary = rotarySize > 0 ? rotaryAt(positions, rotarySize, 100) : undefined;
  return { ...grid, rotary, spans, mask: () => maskOf(grid, spans) };
}

/** Examples of 29 tokens, a prefix of 13, a window of 21: none of them fits the tiles of any kernel. */
export function spansOf(grid: Grid, seen: Seen): AttentionSpans | undefined {
  if (seen === 'everything before') return undefined;
  if (seen === 'a window') return withWindow(grid, 21);
  const prefix = seen === 'a shared prefix' ? Math.min(13, grid.length) : 0;
  const starts = Int32Array.from({ length: grid.rows * grid.length }, (_, token) => {
    const place = token % grid.length;
    return place < prefix ? 0 : place - ((place - prefix) % 29);
  });
  const spans = { starts, prefixes: new Int32Array(grid.rows).fill(prefix) };
  return seen === 'packed examples in a window' ? withWindow(grid, 21, spans) : spans;
}

/** Both on the same numbers, rounded to the precision of the fused one; the plain twin computes in f32. */
export function compareAttention(test: AttentionCase): Differences {
  const { grid, shape, seen = 'everything before', rotarySize = shape.headSize, precision = 'f32' } = test;
  return tf.tidy(() => {
    const sequence = sequenceOf(grid, rotarySize, spansOf(grid, seen));
    const tokens = grid.rows * grid.length;
    const qkv = toPrecision(randomTensor([tokens, columnsOf(shape)], 1, 2), precision);
    const dy = toPrecision(randomTensor([tokens, shape.heads * shape.headSize], 2), precision);
    const actual = run(fusedAttention(shape, sequence), qkv, dy, shape);
    const expected = run(plainAttention(shape, sequence), toFloat32(qkv), toFloat32(dy), shape);
    // A lone token has no choice: these gradients are 0, and what is left of dP − Σ dO ⊙ O is rounding.
    const scale = (name: keyof Differences) =>
      grid.length === 1 && (name === 'queries' || name === 'keys')
        ? 0.1 * shape.headSize
        : (tf.max(tf.abs(expected[name])).arraySync() as number);
    const difference = (name: keyof Differences) =>
      (tf.max(tf.abs(tf.sub(actual[name], expected[name]))).arraySync() as number) / scale(name);
    return {
      output: difference('output'),
      queries: difference('queries'),
      keys: difference('keys'),
      values: difference('values'),
    };
  });
}

function run(layer: Layer, qkv: tf.Tensor, dy: tf.Tensor, { heads, keyValueHeads, headSize }: AttentionShape) {
  const { output, pullback } = layer(qkv);
  const gradient = toFloat32(pullback(dy));
  const sizes = [heads * headSize, keyValueHeads * headSize, keyValueHeads * headSize];
  const [queries, keys, values] = tf.split(gradient, sizes, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { output: toFloat32(output), queries, keys, values };
}

const heads = (keyValueHeads: number, group: number, headSize: number): AttentionShape => ({
  heads: keyValueHeads * group,
  keyValueHeads,
  headSize,
});

/** Every kind of shape that takes a way of its own through the kernels. */
export const attentionCases: Readonly<Record<string, AttentionCase>> = {
  'one token': { grid: { rows: 3, length: 1 }, shape: heads(2, 3, 64) },
  'seven tokens': { grid: { rows: 3, length: 7 }, shape: heads(1, 2, 8) },
  'just more than two tiles': { grid: { rows: 2, length: 33 }, shape: heads(2, 1, 20) },
  'heads of 8': { grid: { rows: 2, length: 80 }, shape: heads(4, 2, 8) },
  'heads of 64': { grid: { rows: 2, length: 160 }, shape: heads(3, 3, 64) },
  'heads of 80': { grid: { rows: 1, length: 70 }, shape: heads(2, 4, 80) },
  'heads of 128, five a group': { grid: { rows: 1, length: 50 }, shape: heads(1, 5, 128) },
  'heads of 256, eight a group': { grid: { rows: 1, length: 40 }, shape: heads(1, 8, 256) },
  'few heads and many tokens': { grid: { rows: 1, length: 300 }, shape: heads(1, 3, 24) },
  'many heads and tokens': { grid: { rows: 4, length: 300 }, shape: heads(2, 1, 16) },
  'packed examples': { grid: { rows: 2, length: 155 }, shape: heads(1, 3, 32), seen: 'packed examples' },
  'packed examples of few heads': { grid: { rows: 1, length: 290 }, shape: heads(1, 2, 32), seen: 'packed examples' },
  'a shared prefix': { grid: { rows: 2, length: 155 }, shape: heads(1, 3, 32), seen: 'a shared prefix' },
  'a long row behind a prefix': { grid: { rows: 1, length: 400 }, shape: heads(1, 1, 16), seen: 'a shared prefix' },
  'a window': { grid: { rows: 2, length: 155 }, shape: heads(1, 2, 32), seen: 'a window' },
  'packed examples in a window': {
    grid: { rows: 2, length: 155 },
    shape: heads(2, 1, 32),
    seen: 'packed examples in a window',
  },
  'half of a head rotated': { grid: { rows: 2, length: 40 }, shape: heads(2, 2, 32), rotarySize: 12 },
  'nothing rotated': { grid: { rows: 2, length: 40 }, shape: heads(2, 2, 32), rotarySize: 0 },
  'a scale of its own': { grid: { rows: 2, length: 40 }, shape: { ...heads(2, 2, 32), scale: 0.07 } },
  'soft-capped scores': { grid: { rows: 2, length: 90 }, shape: { ...heads(2, 2, 32), softcap: 1.5 } },
};

// In a process of its own, for another instruction set: prints the differences of every case, in both precisions.
if (process.argv[1] === import.meta.filename) {
  await openEngine(process.argv[2] as EngineName);
  const differences = Object.entries(attentionCases).flatMap(([name, test]) =>
    (['f32', 'bf16'] as const).map((precision) => ({ name, precision, ...compareAttention({ ...test, precision }) })),
  );
  process.stdout.write(JSON.stringify(differences));
}

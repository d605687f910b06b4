import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { attentionCases, columnsOf, sequenceOf, spansOf } from '../../test-support/compare-attention.ts';
import { enginesToTest } from '../../test-support/engines.ts';
import { largestDifference } from '../../test-support/gradients.ts';
import { randomTensor } from '../../test-support/random-tensor.ts';
import type { Layer } from '../layers/layer.ts';
import { blockedAttention } from './blocked-attention.ts';
import type { AttentionShape, Sequence } from './grouped-heads.ts';
import { plainAttention } from './plain-attention.ts';

/** Output and gradient on random tokens. */
function run(
  layer: Layer,
  shape: AttentionShape,
  { rows, length }: Sequence,
): { output: tf.Tensor; gradient: tf.Tensor } {
  const { output, pullback } = layer(randomTensor([rows * length, columnsOf(shape)], 1, 2));
  return { output, gradient: pullback(randomTensor([rows * length, shape.heads * shape.headSize], 2)) };
}

describe.each(await enginesToTest())('attention, some queries at a time, on %s', (engine) => {
  beforeAll(async () => void (await openEngine(engine)));

  it.each(Object.entries(attentionCases))('equals attention at once: %s', (_, test) => {
    const { grid, shape, seen = 'everything before', rotarySize = shape.headSize } = test;
    tf.tidy(() => {
      const sequence = sequenceOf(grid, rotarySize, spansOf(grid, seen));
      // Blocks of seven queries, and a smaller last one.
      const blocked = blockedAttention(shape, sequence, 7 * grid.rows * shape.heads * grid.length);
      const [actual, expected] = [run(blocked, shape, sequence), run(plainAttention(shape, sequence), shape, sequence)];
      for (const name of ['output', 'gradient'] as const) {
        const largest = tf.max(tf.abs(expected[name])).arraySync() as number;
        expect(largestDifference(actual[name], expected[name]), name).toBeLessThan(1e-5 * largest);
      }
    });
  });

  it('needs memory that grows with the length, not with its square', async () => {
    const shape = { heads: 4, keyValueHeads: 2, headSize: 8 };
    const peakOf = async (length: number) => {
      const sequence = sequenceOf({ rows: 1, length }, 0);
      const { peakBytes } = await tf.profile(() => {
        tf.tidy(() => run(blockedAttention(shape, sequence, 2 ** 14), shape, sequence));
        return tf.scalar(0);
      });
      return peakBytes;
    };
    const [short, long] = [await peakOf(256), await peakOf(1024)];
    // 4 times the length; the scores, held at once, would be 16 times as large.
    expect(long / short).toBeLessThan(6);
    expect(long).toBeLessThan(4 * 4 * 1024 * 1024);
  });
});

import { expect, it } from 'vitest';
import { assertDealt } from './assert-dealt.ts';

const training = { gradientAccumulation: 4, batchSize: 3, method: 'full' } as const;

it('takes workers that have as many micro-batches each', () => {
  for (const size of [1, 2, 4]) assertDealt(training, { size }, {});
  assertDealt(training, { size: 2 }, { shardOptimizer: true });
});

it.each([
  [
    training,
    3,
    /The 4 micro-batches.*can't be dealt evenly to 3 workers[\s\S]*with option batchSize 4 and option gradientAccumulation 3 a step stays one of 12/,
  ],
  [training, 8, /Give option gradientAccumulation 8 or a multiple of it\.$/],
])('says how a step could be dealt that is not', (options, size, message) => {
  expect(() => assertDealt(options, { size }, {})).toThrow(message);
});

it('shards what is large, among several', () => {
  const shardOptimizer = true;
  expect(() => assertDealt({ ...training, method: 'lora' }, { size: 2 }, { shardOptimizer })).toThrow(
    /adapters are small/,
  );
  expect(() => assertDealt(training, { size: 1 }, { shardOptimizer })).toThrow(/nobody to share/);
});

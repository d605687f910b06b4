/**
 * One of the workers of `bench/workers.ts`, under mpirun: what workers do with each other, timed by the first of them. Prints
 * JSON: milliseconds of adding up a vector of so many values, and of telling each other a few words.
 */
import * as tf from '@tensorflow/tfjs-core';
import { openEngine } from '../packages/core/src/index.ts';
import { partsOf } from '../packages/core/src/training/optimizer/optimizer.ts';
import { joinWorkers } from '../packages/core/src/workers/open-workers.ts';
import { spreadOf } from './statistics.ts';

const [count = 2, size = 5_000_000] = process.argv.slice(2).map(Number);
const workers = await joinWorkers(count);
await openEngine('native');
const vector = tf.ones<tf.Rank.R1>([size]);
const parts = partsOf(size, count);

async function timed(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let i = 0; i < times; i++) {
    await workers.exchange(undefined);
    const began = performance.now();
    await work();
    milliseconds.push(performance.now() - began);
  }
  // The first ones open connections and touch memory.
  return milliseconds.slice(2);
}

const sum = await timed(32, async () => {
  await workers.sumParts(vector, parts);
  await workers.shareParts(vector, parts);
});
const exchange = await timed(500, () =>
  workers.exchange({ losses: [[0, { weighted: 1, weight: 1 }]], hasLeft: false }),
);
if (workers.rank === 0) console.log(JSON.stringify({ sum: spreadOf(sum), exchange: spreadOf(exchange) }));
await workers.leave();
process.exit();

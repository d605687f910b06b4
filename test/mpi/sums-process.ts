/**
 * `mpirun -n N node sums-process.ts`: adds up vectors that every worker can work out for itself, by the add-on alone, and
 * says where a sum is another than that of the ranks in their order, to the bit.
 */
import { openEngine } from '@counterweight/core';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../packages/core/src/random.ts';
import { anyOf, byFirst, shareFirst } from '../../packages/core/src/training/communicator.ts';
import { partsOf } from '../../packages/core/src/training/optimizer/optimizer.ts';
import { joinWorkers } from '../../packages/core/src/workers/open-workers.ts';

const workers = await joinWorkers(Number(process.argv[2]));
await openEngine('native');

const valuesOf = (rank: number, size: number) => {
  const random = createRandom(rank, size);
  return Float32Array.from({ length: size }, () => 10 ** (6 * random.uniform() - 3));
};

const wrong: string[] = [];
// Fewer than there are workers, uneven, one message, and several: a stretch of those that are sent is 2^17 values.
for (const size of [1, 100_003, 1_000_001]) {
  const vector = tf.tensor1d(valuesOf(workers.rank, size));
  const all = Array.from({ length: workers.size }, (_, rank) => valuesOf(rank, size));
  const expected = (all[0] as Float32Array).slice();
  for (const other of all.slice(1)) for (let i = 0; i < size; i++) expected[i]! += other[i] as number;
  const parts = partsOf(size, workers.size);
  await workers.sumParts(vector, parts);
  const own = vector.dataSync();
  const [from, to] = [parts[workers.rank] as number, parts[workers.rank + 1] as number];
  const summed = (i: number) => i >= from && i < to;
  const before = all[workers.rank] as Float32Array;
  if (own.some((value, i) => value !== (summed(i) ? expected : before)[i])) wrong.push(`a part of ${size}`);
  await workers.shareParts(vector, parts);
  if (vector.dataSync().some((value, i) => value !== expected[i])) wrong.push(`all of ${size}`);
  const first = tf.tensor1d(valuesOf(workers.rank, size));
  await shareFirst(workers, first);
  if (first.dataSync().some((value, i) => value !== all[0]?.[i])) wrong.push(`the first's of ${size}`);
}

const long = 'x'.repeat(workers.rank * 100_000);
const said = await workers.exchange({ rank: workers.rank, long, nothing: Number.NaN });
if (said.some(({ rank, long, nothing }, i) => rank !== i || long.length !== i * 100_000 || !Number.isNaN(nothing)))
  wrong.push('what was said');
if ((await byFirst(workers, async () => workers.rank)) !== 0) wrong.push('by the first');

const isWrong = await anyOf(workers, wrong.length > 0);
if (wrong.length > 0) console.log(`worker ${workers.rank}: ${wrong.join(', ')}`);
await workers.leave();
process.exit(isWrong ? 1 : 0);

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { atOnce } from '../abort.ts';
import { planPacking } from '../batches/pack.ts';
import { planTraining } from '../batches/plan.ts';
import { openEngine } from '../engine/open-engine.ts';
import { decoderConfig } from '../model/families/index.ts';
import { createRandom } from '../random.ts';
import { enginesToTest } from '../test-support/engines.ts';
import { examplesOf, exampleWith } from '../test-support/examples.ts';
import { tinyConfigJson, tinyDecoder } from '../test-support/tiny-model.ts';
import { workersInProcess } from '../test-support/workers-in-process.ts';
import { ALONE, anyOf, byFirst, type Communicator, FirstFailed } from './communicator.ts';
import { dealt } from './dealt-step.ts';
import type { StepMetrics } from './events.ts';
import { type LoopOptions, trainingLoop } from './loop.ts';
import { supervised } from './objective.ts';
import { globalNorm } from './optimizer/clip.ts';
import { partsOf, wholeOptimizer } from './optimizer/optimizer.ts';
import { shardedOptimizer } from './optimizer/sharded-optimizer.ts';
import type { TrainingOptionsInput } from './options.ts';
import { parseTrainingOptions } from './parse-options.ts';

/** Workers that take turns in this process: what they compute together, without MPI. */

/** More than three stretches of the flat vector are trained, so that three workers have parts of it. */
const config = decoderConfig({ ...tinyConfigJson, vocab_size: 2048, hidden_size: 48 }, 'config.json');
const random = createRandom(7);
/** Lengths that are mixed on purpose, and 22 of them: the last step of an epoch has three micro-batches of four. */
const examples = Array.from({ length: 22 }, (_, i) => {
  const ids = Array.from({ length: 4 + ((i * 7) % 17) }, () => random.integer(config.vocabularySize));
  return exampleWith({ ids, promptLength: 2, roles: ids.map((_, at) => (at < 2 ? 'user' : 'assistant')) });
});
const all = examplesOf(examples);
const settings = { batchSize: 2, gradientAccumulation: 4, epochs: 2, learningRate: 0.01, maxLength: 24 } as const;
const adapters = { rank: 4, alpha: 8, targets: ['all-linear'] } as const;

interface Trained {
  readonly metrics: readonly StepMetrics[];
  readonly vector: Float32Array;
  readonly mean: Float32Array;
  readonly momentsKept: number;
}

interface Setup {
  readonly options?: TrainingOptionsInput;
  readonly method?: 'lora' | 'full';
  readonly shard?: boolean;
  readonly more?: (rank: number) => Partial<LoopOptions>;
}

async function trainOne(workers: Communicator, { options, method = 'lora', shard, more }: Setup): Promise<Trained> {
  const decoder = { ...tinyDecoder({ train: method === 'full' ? 'full' : adapters, config }), adapterDropout: 0.1 };
  const training = parseTrainingOptions({ ...settings, ...options });
  const optimizer = (shard ? shardedOptimizer : wholeOptimizer)(decoder.parameters, workers);
  const packing = atOnce(planPacking(all, { packing: training.packing, maxLength: 24 }));
  const metrics: StepMetrics[] = [];
  const last = await trainingLoop(decoder, {
    examples: all,
    plan: planTraining(all, training, { packing }),
    training,
    workers,
    optimizer,
    start: { step: 0, adam: optimizer.fresh() },
    residentBytes: () => 0,
    afterStep: async (line) => ({ goOn: metrics.push(line) > 0 }),
    ...more?.(workers.rank),
  });
  const whole = await optimizer.whole(last.adam);
  const mean = whole.moments.mean.dataSync<'float32'>();
  whole.release();
  const trained = {
    metrics,
    mean,
    momentsKept: last.adam.mean.size,
    vector: decoder.parameters.vector.dataSync<'float32'>(),
  };
  tf.dispose([last.adam.mean, last.adam.variance]);
  decoder.parameters.dispose();
  return trained;
}

const together = (size: number, setup: Setup = {}): Promise<Trained[]> =>
  Promise.all(workersInProcess(size).map((workers) => trainOne(workers, setup)));

const lossesOf = ({ metrics }: Trained) => metrics.map(({ loss }) => loss as number);
const apart = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((x, i) => Math.abs(x / (b[i] as number) - 1)));

// What workers keep apart is our own native engine's; the rest goes on any.
const isNative = (await enginesToTest()).includes('native');

beforeAll(async () => {
  await openEngine(isNative ? 'native' : 'wasm');
});

describe('workers that train together', () => {
  it.each<[string, Setup]>([
    ['adapters, with dropout', {}],
    ['every weight', { method: 'full' }],
    ['packed rows', { options: { packing: 'examples', batchSize: 1 } }],
    ['divided by tokens', { options: { lossNormalization: 'token-count', promptLossWeight: 0.3 } }],
    ['divided by answers', { options: { lossNormalization: 'completion-count' } }],
    ['divided by examples', { options: { lossNormalization: 'per-example' } }],
    ['a share of the prompt', { options: { promptLossFraction: 0.2 } }],
  ])('have the losses of one process: %s', async (_, setup) => {
    const alone = await trainOne(ALONE, setup);
    expect(alone.metrics.length).toBeGreaterThan(3);
    for (const size of [2, 4]) {
      const trained = await together(size, setup);
      const [first, ...others] = trained as [Trained, ...Trained[]];
      expect(lossesOf(first).length).toBe(alone.metrics.length);
      expect(apart(lossesOf(first), lossesOf(alone))).toBeLessThan(1e-6);
      expect(first.metrics.map(({ tokens, weightSum }) => [tokens, weightSum])).toEqual(
        alone.metrics.map(({ tokens, weightSum }) => [tokens, weightSum]),
      );
      for (const other of others) expect(other.vector).toEqual(first.vector);
      expect((await together(size, setup))[0]?.vector).toEqual(first.vector);
    }
  });

  it('that have a micro-batch each add them up as one process does, to the bit', async () => {
    const alone = await trainOne(ALONE, {});
    const [first] = await together(4);
    expect(first?.vector).toEqual(alone.vector);
    expect(lossesOf(first as Trained)).toEqual(lossesOf(alone));
  });

  it.skipIf(!isNative).each([2, 3])('%i of them may keep a part of the moments each: the same bits', async (size) => {
    const setup = { method: 'full', options: { gradientAccumulation: 6, weightDecay: 0.1 } } as const;
    const [whole] = await together(size, setup);
    const sharded = await together(size, { ...setup, shard: true });
    for (const { vector, metrics } of sharded) {
      expect(vector).toEqual(whole?.vector);
      expect(metrics.map(({ gradientNorm }) => gradientNorm)).toEqual(whole?.metrics.map((line) => line.gradientNorm));
    }
    expect(sharded[0]?.mean).toEqual(whole?.mean);
    expect(sharded.reduce((sum, { momentsKept }) => sum + momentsKept, 0)).toBe(whole?.momentsKept);
    expect(Math.max(...sharded.map(({ momentsKept }) => momentsKept))).toBeLessThan(whole?.momentsKept as number);
  });

  it('leave a step together, with the state before it, when one is asked to stop', async () => {
    const stop = new AbortController();
    const more = (rank: number): Partial<LoopOptions> => ({
      ...(rank === 1 && { signal: stop.signal }),
      async afterStep({ step }) {
        if (rank === 1 && step === 2) stop.abort(new Error('enough'));
        return { goOn: true };
      },
    });
    const stopped = await together(2, { more });
    const [first] = await together(2, { more: () => ({ afterStep: async ({ step }) => ({ goOn: step < 2 }) }) });
    for (const { vector } of stopped) expect(vector).toEqual(first?.vector);
  });

  it('skip a step together that one of them could not compute', async () => {
    const objective = supervised(parseTrainingOptions({}));
    const more = (): Partial<LoopOptions> => ({
      objective: {
        ...objective,
        async accumulate(decoder, batch, place) {
          const sums = await objective.accumulate(decoder, batch, place);
          return place.step === 1 && place.microBatch === 3 ? { ...sums, weighted: Number.NaN } : sums;
        },
      },
    });
    const trained = await together(2, { options: { onNonFinite: 'skip' }, more });
    expect(trained.map(({ metrics }) => metrics.filter(({ skipped }) => skipped).map(({ step }) => step))).toEqual([
      [2],
      [2],
    ]);
    expect(trained[1]?.vector).toEqual(trained[0]?.vector);
    expect(trained[0]?.vector.every(Number.isFinite)).toBe(true);
  });
});

describe('what workers do with each other', () => {
  it('micro-batches are dealt like cards', () => {
    expect([0, 1].map((rank) => dealt(['a', 'b', 'c'], { ...ALONE, rank, size: 2 }))).toEqual([
      [
        [0, 'a'],
        [2, 'c'],
      ],
      [[1, 'b']],
    ]);
  });

  it('parts end where stretches do, and are empty where there are too few', () => {
    expect(partsOf(100_000, 2)).toEqual([0, 65_536, 100_000]);
    expect(partsOf(40_000, 4)).toEqual([0, 32_768, 32_768, 40_000, 40_000]);
    expect(partsOf(10, 1)).toEqual([0, 10]);
  });

  it.skipIf(!isNative)('a norm of parts is that of the whole vector, to the bit', async () => {
    const values = Float32Array.from({ length: 100_000 }, () => random.uniform() - 0.5);
    const whole = globalNorm(tf.tensor1d(values));
    const norms = await Promise.all(
      workersInProcess(3).map((workers) => {
        const { parameters } = { parameters: { trainableSize: values.length, groups: [] } };
        return shardedOptimizer(parameters as never, workers).join(tf.tensor1d(values.map((value) => value / 3)));
      }),
    );
    const summed = globalNorm(tf.tensor1d(values.map((value) => sumOfThree(value / 3))));
    for (const norm of norms) expect(norm.dataSync()).toEqual(summed.dataSync());
    expect(summed.dataSync()[0]).toBeCloseTo(whole.dataSync()[0] as number, 3);
  });

  it('the first does what the others wait for, and they hear of what went wrong', async () => {
    const workers = workersInProcess(3);
    const done: number[] = [];
    const results = workers.map((one) => byFirst(one, async () => ({ done: done.push(one.rank) })));
    expect(await Promise.all(results)).toEqual([{ done: 1 }, { done: 1 }, { done: 1 }]);
    const failure = new TypeError('no room');
    const failed = await Promise.allSettled(workers.map((one) => byFirst(one, () => Promise.reject(failure))));
    const reasons = failed.map((one) => (one.status === 'rejected' ? one.reason : undefined));
    expect(reasons[0]).toBe(failure);
    for (const reason of reasons.slice(1)) expect(reason).toEqual(new FirstFailed('no room'));
    expect(await Promise.all(workers.map((one) => anyOf(one, one.rank === 2)))).toEqual([true, true, true]);
  });
});

const sumOfThree = (value: number): number => {
  const one = Math.fround(value);
  return Math.fround(Math.fround(one + one) + one);
};

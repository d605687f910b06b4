/**
 * Measures on this machine what `simulate.ts` reckons with, and writes `constants.json`:
 *
 *     node experiments/scaling/measure.ts ~/smollm2     # SmolLM2-135M in a folder; needs Open MPI; some minutes
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { median } from '../../bench/statistics.ts';
import { packBatch } from '../../packages/core/src/batches/batch.ts';
import { normalizeStep } from '../../packages/core/src/batches/normalize-weights.ts';
import { fineTune, openEngine } from '../../packages/core/src/index.ts';
import { createRandom } from '../../packages/core/src/random.ts';
import { exampleWith } from '../../packages/core/src/test-support/examples.ts';
import { adamW, freshAdamState } from '../../packages/core/src/training/optimizer/adamw.ts';
import { globalNorm } from '../../packages/core/src/training/optimizer/clip.ts';
import { support } from '../../packages/recipe-support/src/index.ts';
import { mpirun, node, start } from '../../test/mpi/open-mpi.ts';
import { type Constants, constantsFile, type MethodConstants } from './constants.ts';

const model = resolve(process.argv[2] ?? '');
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'scaling-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const STEPS = 6;
const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };

/** In processor time, which means something on a busy machine too; the variation and the start as a clock has them. */
async function methodOf(method: 'lora' | 'full'): Promise<MethodConstants> {
  const began = performance.now();
  const processors = availableParallelism();
  const steps: { readonly tokens: number; readonly seconds: number; readonly busy: number }[] = [];
  let busy = process.cpuUsage();
  let trainable = 0;
  await fineTune({
    recipe: support(),
    model,
    engine: 'native',
    data: at('packages/recipe-support/fixtures/banking77-train.csv'),
    output: join(folder, method),
    measureForgetting: 'never',
    training: { method, precision: 'f32', packing: 'examples', batchSize: 4, maxLength: 256, maxSteps: STEPS },
    onEvent(event) {
      if (event.type === 'start') {
        trainable = event.trainableParameters;
        busy = process.cpuUsage();
      }
      if (event.type !== 'step') return;
      const { user, system } = process.cpuUsage(busy);
      busy = process.cpuUsage();
      const { tokens, stepSeconds: seconds } = event.metrics;
      steps.push({ tokens, seconds, busy: (user + system) / 1e6 / processors });
    },
  });
  const all = (performance.now() - began) / 1000;
  // The first step makes room in memory.
  const later = steps.slice(1);
  const tokens = Math.round(median(later.map((step) => step.tokens)));
  const perToken = later.map((step) => step.seconds / step.tokens);
  const mean = perToken.reduce((sum, value) => sum + value, 0) / perToken.length;
  const variance = perToken.reduce((sum, value) => sum + (value - mean) ** 2, 0) / perToken.length;
  return {
    trainable,
    tokens,
    microBatchSeconds: tokens * median(later.map((step) => step.busy / step.tokens)),
    variation: Math.sqrt(variance) / mean,
    startSeconds: all - steps.reduce((sum, step) => sum + step.seconds, 0),
  };
}

/** Bytes a second onto this disk, until they lie there. */
function diskSpeed(): number {
  const [piece, pieces] = [Buffer.alloc(2 ** 24, 1), 16];
  const file = openSync(join(folder, 'disk'), 'w');
  const began = performance.now();
  for (let i = 0; i < pieces; i++) writeSync(file, piece);
  fsyncSync(file);
  closeSync(file);
  return (piece.length * pieces) / ((performance.now() - began) / 1000);
}

/** Seconds of packing and weighing a micro-batch of four rows of 256 tokens, which every worker does for all of them. */
function dealSeconds(): number {
  const random = createRandom(1);
  const row = () => {
    const ids = Array.from({ length: 256 }, () => random.integer(40_000));
    const example = exampleWith({ ids, promptLength: 128, roles: ids.map((_, i) => (i < 128 ? 'user' : 'assistant')) });
    return { examples: [example], prefix: 0 };
  };
  const step = Array.from({ length: 64 }, () => Array.from({ length: 4 }, row));
  const times = Array.from({ length: 9 }, () => {
    const began = performance.now();
    normalizeStep(step.map(packBatch), { lossNormalization: 'weight-sum' });
    return (performance.now() - began) / 1000 / step.length;
  });
  return median(times);
}

/** Seconds of clipping and AdamW for a million parameters. */
async function updateSeconds(): Promise<number> {
  await openEngine('native');
  const size = 2e7;
  const [parameters, vector, adam] = [tf.ones<tf.Rank.R1>([size]), tf.ones<tf.Rank.R1>([size]), freshAdamState(size)];
  const times: number[] = [];
  for (let i = 1; i <= 9; i++) {
    const began = performance.now();
    const norm = globalNorm(vector);
    await norm.data();
    const groups = [{ size, decayedSize: size, learningRateScale: 1 }];
    adamW(parameters, { vector, norm }, adam, {
      step: i,
      learningRate: 1e-4,
      weightDecay: 0.01,
      maxGradientNorm: 1,
      groups,
    });
    norm.dispose();
    times.push((performance.now() - began) / 1000 / (size / 1e6));
  }
  return median(times);
}

async function betweenTwo() {
  const command = mpirun(2, node(at('bench/workers-sum.ts'), '2'));
  const { out, errors } = await start(command, { env }).ended;
  if (!out) throw new Error(errors);
  const { sum, exchange } = JSON.parse(out) as Record<'sum' | 'exchange', { median: number }>;
  return { sumSeconds: sum.median / 1000, exchangeSeconds: exchange.median / 1000 };
}

const [load = 0] = loadavg();
const constants: Constants = {
  measured: {
    day: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model.trim() ?? '',
    processors: cpus().length,
    load: Math.round(10 * load) / 10,
  },
  model: { name: 'SmolLM2-135M', parameters: 134_515_008 },
  lora: await methodOf('lora'),
  full: await methodOf('full'),
  dealSeconds: dealSeconds(),
  updateSecondsPerMillion: await updateSeconds(),
  ...(await betweenTwo()),
  diskBytesPerSecond: diskSpeed(),
};
const short = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
writeFileSync(constantsFile, `${JSON.stringify(constants, short, 2)}\n`);
process.exit();

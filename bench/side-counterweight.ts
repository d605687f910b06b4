import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type EngineChoice, openEngine, productRates, type Quantize, train } from './counterweight.ts';
import { readJob } from './job.ts';
import type { Precision } from './options.ts';
import { profileOperations, profileTable } from './profile.ts';
import type { SideResult } from './side.ts';

/** Our side of a training benchmark. The last line of its output is a SideResult; with --profile, a table instead. */

const { values: options } = parseArgs({
  options: {
    job: { type: 'string' },
    precision: { type: 'string', default: 'f32' },
    steps: { type: 'string' },
    'warmup-steps': { type: 'string', default: '3' },
    packing: { type: 'string', default: 'none' },
    recompute: { type: 'boolean', default: false },
    quantize: { type: 'string', default: 'none' },
    'quantize-embeddings': { type: 'boolean', default: false },
    engine: { type: 'string', default: 'auto' },
    profile: { type: 'boolean', default: false },
  },
});
if (!options.job)
  throw new Error(
    '--job FILE [--precision bf16] [--steps N] [--warmup-steps N] [--packing P] [--recompute] [--quantize int4] [--quantize-embeddings] [--engine wasm] [--profile]',
  );

const job = readJob(options.job);
const steps = Math.min(job.batches.length, Number(options.steps ?? job.batches.length));
const warmup = Number(options['warmup-steps']);
if (steps <= warmup) throw new Error(`${steps} steps leave nothing to measure after ${warmup} warm-up steps`);

const engine = await openEngine(options.engine as EngineChoice);
const profile = options.profile ? profileOperations() : undefined;
const losses: number[] = [];
const seconds: number[] = [];
const tokens: number[] = [];
const own = {
  precision: options.precision as Precision,
  packing: options.packing as 'none' | 'examples' | 'shared-prefix',
  recompute: options.recompute,
  quantize: options.quantize as Quantize,
  quantizeEmbeddings: options['quantize-embeddings'],
};
await train(job, own, steps, (metrics) => {
  losses.push(metrics.loss ?? Number.NaN);
  seconds.push(metrics.stepSeconds);
  tokens.push(metrics.tokens);
  if (metrics.step === warmup) profile?.restart();
});
const peakResidentBytes = process.resourceUsage().maxRSS * 1024;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const stepSeconds = seconds.slice(warmup);
const measured = sum(stepSeconds);
if (profile) {
  console.log(profileTable(profile.times(), stepSeconds));
} else {
  const result: SideResult = {
    tokensPerSecond: sum(tokens.slice(warmup)) / measured,
    examplesPerSecond: sum(job.batches.slice(warmup, steps).map((batch) => batch.length)) / measured,
    stepSeconds,
    firstStepSeconds: seconds[0] as number,
    peakResidentBytes,
    losses,
    productGflops: await productRates(engine),
    versions: { node: process.version, engine: engine.description },
    threads: engine.name === 'wasm' ? 1 : availableParallelism(),
  };
  console.log(JSON.stringify(result));
}

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type EngineChoice, generate, openEngine, productRates, type Quantize } from './counterweight.ts';
import { readJob } from './job.ts';
import type { Precision } from './options.ts';
import { type SideResult, timesOfWriting } from './side.ts';

/** Our side of a generation benchmark: continues the job's examples greedily. The last line is a SideResult. */

const { values: options } = parseArgs({
  options: {
    job: { type: 'string' },
    precision: { type: 'string', default: 'f32' },
    'new-tokens': { type: 'string', default: '32' },
    times: { type: 'string', default: '3' },
    quantize: { type: 'string', default: 'none' },
    engine: { type: 'string', default: 'auto' },
  },
});
if (!options.job)
  throw new Error('--job FILE [--precision bf16] [--new-tokens N] [--times N] [--quantize int4] [--engine E]');

const engine = await openEngine(options.engine as EngineChoice);
const job = readJob(options.job);
const prompts = job.examples.map(({ ids }) => ids);
const newTokens = Number(options['new-tokens']);
const precision = options.precision as Precision;
const { ids, seconds } = await generate(job.model, prompts, {
  precision,
  quantize: options.quantize as Quantize,
  newTokens,
  times: Number(options.times),
});
const result: SideResult = {
  ...timesOfWriting(ids, seconds),
  productGflops: await productRates(engine),
  versions: { node: process.version, engine: engine.description },
  threads: availableParallelism(),
};
console.log(JSON.stringify(result));

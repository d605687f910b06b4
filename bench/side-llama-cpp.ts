import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readJob } from './job.ts';
import { type SideResult, timesOfWriting } from './side.ts';

/** llama.cpp's side of a generation benchmark, through node-llama-cpp: in f32, keys and values too. */

interface Sequence {
  clearHistory(): Promise<void>;
  evaluate(ids: readonly number[], options: object): AsyncIterable<number>;
}
interface Llama {
  readonly llamaCppRelease: { readonly release: string };
  loadModel(options: object): Promise<{
    createContext(options: object): Promise<{ getSequence(): Sequence }>;
  }>;
}

const { values: options } = parseArgs({
  options: {
    packages: { type: 'string', default: '' },
    model: { type: 'string', default: '' },
    job: { type: 'string', default: '' },
    'new-tokens': { type: 'string', default: '32' },
    times: { type: 'string', default: '3' },
  },
});
const program = createRequire(join(options.packages, 'package.json')).resolve('node-llama-cpp');
const { getLlama } = (await import(pathToFileURL(program).href)) as { getLlama(options: object): Promise<Llama> };

const { examples } = readJob(options.job);
const prompts = examples.map(({ ids }) => ids);
const newTokens = Number(options['new-tokens']);
const threads = availableParallelism();
const llama = await getLlama({
  ...{ gpu: false, build: 'never', skipDownload: true, maxThreads: threads, logLevel: 'error' },
});
const model = await llama.loadModel({ modelPath: options.model });
const context = await model.createContext({
  ...{ threads, sequences: prompts.length, flashAttention: false },
  ...{ contextSize: (prompts[0]?.length ?? 0) + newTokens, batchSize: 512 },
  ...{ experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32' },
});
const sequences = prompts.map(() => context.getSequence());

const seconds: number[] = [];
let ids: number[][] = [];
for (let time = 0; time < Number(options.times); time++) {
  await Promise.all(sequences.map((sequence) => sequence.clearHistory()));
  const began = performance.now();
  ids = await Promise.all(prompts.map((prompt, row) => continued(sequences[row] as Sequence, prompt)));
  seconds.push((performance.now() - began) / 1000);
}

async function continued(sequence: Sequence, prompt: readonly number[]): Promise<number[]> {
  const written: number[] = [];
  for await (const id of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    written.push(id);
    if (written.length === newTokens) break;
  }
  return written;
}

const result: SideResult = {
  ...timesOfWriting(ids, seconds),
  productGflops: {},
  versions: { node: process.version, 'llama.cpp': llama.llamaCppRelease.release },
  threads,
};
console.log(`\n${JSON.stringify(result)}`);
process.exit(0);

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { loadModel } from '../packages/core/src/checkpoint/load-model.ts';
import { makeBatch } from '../packages/core/src/data/batch.ts';
import type { TokenizedExample } from '../packages/core/src/data/example.ts';
import { normalizeStep } from '../packages/core/src/data/normalize-weights.ts';
import { openEngine } from '../packages/core/src/engine/open-engine.ts';
import { createParameterStore } from '../packages/core/src/model/parameter-store.ts';
import { freshAdamState } from '../packages/core/src/training/adamw.ts';
import { trainStep } from '../packages/core/src/training/step.ts';
import type { SideResult } from './alternate.ts';
import type { BatchFile } from './batch-file.ts';

/** Our side of a benchmark: full fine-tuning on the batches of a file. The last line of its output is a SideResult. */

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    batches: { type: 'string' },
    steps: { type: 'string' },
    'warmup-steps': { type: 'string', default: '3' },
  },
});
if (!options.model || !options.batches) throw new Error('--model DIR --batches FILE [--steps N] [--warmup-steps N]');

const engine = await openEngine();
const task = JSON.parse(readFileSync(options.batches, 'utf8')) as BatchFile;
const { config, blocks, base, tensors } = await loadModel(options.model);
const decoder = { config, blocks, parameters: createParameterStore(tensors, base) };
let adam = freshAdamState(decoder.parameters.trainableSize);

const losses: number[] = [];
const seconds: number[] = [];
const tokens: number[] = [];
for (const [step, indices] of task.batches.slice(0, Number(options.steps ?? task.batches.length)).entries()) {
  const began = performance.now();
  const batch = makeBatch(indices.map((i) => exampleOf(task.examples[i] as BatchFile['examples'][0])));
  const { batches } = normalizeStep([batch], { lossNormalization: 'weight-sum' });
  const learningRate = task.settings.learningRate * (1 - step / task.settings.scheduleSteps);
  const result = await trainStep(decoder, adam, batches, { ...task.settings, step: step + 1, learningRate });
  adam = result.adam;
  seconds.push((performance.now() - began) / 1000);
  losses.push(result.sums.weighted);
  tokens.push(batch.tokens);
}

const warmup = Number(options['warmup-steps']);
const sum = (values: readonly number[]) => values.slice(warmup).reduce((total, value) => total + value, 0);
const result: SideResult = {
  tokensPerSecond: sum(tokens) / sum(seconds),
  stepSeconds: seconds.slice(warmup),
  firstStepSeconds: seconds[0] as number,
  peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  losses,
  versions: { node: process.version, engine: engine.description },
  threads: engine.name === 'wasm' ? 1 : availableParallelism(),
};
console.log(JSON.stringify(result));

/** The file's weights say what counts; prompt and completion need not be told apart here. */
function exampleOf({ ids, weights }: BatchFile['examples'][0]): TokenizedExample {
  return { ids, weights, classes: ids.map((_, i) => (i === 0 ? 'bos' : 'assistant')), promptLength: 1, cutTokens: 0 };
}

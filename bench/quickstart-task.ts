import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { support } from '@counterweight/recipe-support';
import { firstOf } from '../packages/core/src/data/first-of.ts';
import { epochOrder } from '../packages/core/src/data/order.ts';
import { openTask, readExamples } from '../packages/core/src/task.ts';
import { alternate, type Side } from './alternate.ts';
import { batchesOf, writeBatchFile } from './batch-file.ts';
import { writeResults } from './results.ts';
import { ensureVenv } from './venv.ts';

/** The quickstart's job, ours beside a plain PyTorch loop: same ids, weights, batches and settings. */

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, steps: { type: 'string', default: '150' } },
});
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const model = at('../models/stories260k');
const rows = [at('../packages/recipe-support/fixtures/banking77-train.csv'), at('data/banking77-more.csv')];
const batchSize = 32;
const epochs = 5;

const prepared = await readExamples(await openTask({ recipe: support(), model }), rows);
const examples = firstOf(prepared.examples);
const scheduleSteps = epochs * Math.floor(examples.length / batchSize);
const settings = { learningRate: 3e-3, weightDecay: 0.01, maxGradientNorm: 1, scheduleSteps };
const folder = mkdtempSync(join(tmpdir(), 'counterweight-bench-'));

/** A plain loop's order, and ours, which puts examples of similar length side by side. */
const orders = {
  'as a plain loop orders them': epochOrder({
    lengths: examples.map(() => 0),
    batchSize,
    seed: 0,
    epoch: 0,
    shuffle: true,
  }),
  'grouped by length': epochOrder({
    lengths: examples.map((example) => example.ids.length),
    batchSize,
    seed: 0,
    epoch: 0,
    shuffle: true,
  }),
};

for (const [index, [order, batches]] of Object.entries(orders).entries()) {
  const file = join(folder, `batches-${index}.json`);
  writeBatchFile(file, { settings, examples, batches: batchesOf([batches.flat()], batchSize) });
  const job = ['--model', model, '--batches', file, '--steps', options.steps];
  const ours: Side = { name: 'Counterweight', command: process.execPath, args: [at('side-counterweight.ts'), ...job] };
  const theirs = (optimizer: 'plain' | 'fused'): Side => ({
    name: `PyTorch, ${optimizer} AdamW`,
    command: ensureVenv(),
    args: [at('python/full_finetune.py'), ...job, '--optimizer', optimizer],
  });
  for (const optimizer of ['plain', 'fused'] as const) {
    const comparison = await alternate(ours, theirs(optimizer), Number(options.rounds));
    const { table, file: written } = writeResults(`quickstart-task-${index}-${optimizer}`, comparison);
    console.log(`\n## Batches ${order}, PyTorch with its ${optimizer} AdamW\n\n${table}\n${written}`);
  }
}

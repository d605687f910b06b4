import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fineTune } from '@counterweight/core';
import { support } from '@counterweight/recipe-support';

/** How well the quickstart's job can be learnt: 8,000 rows, 8 epochs in batches of 32, learning rate 3e-3 falling linearly. */

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { run, evaluation } = await fineTune({
  recipe: support(),
  model: at('../models/stories260k'),
  data: [at('../packages/recipe-support/fixtures/banking77-train.csv'), at('data/banking77-more.csv')],
  evalData: at('../packages/recipe-support/fixtures/banking77-eval.csv'),
  output: join(mkdtempSync(join(tmpdir(), 'counterweight-bench-')), 'run'),
  training: { method: 'full', learningRate: 3e-3, batchSize: 32, epochs: 8 },
  onEvent: (event) => {
    if (event.type !== 'step' || event.metrics.step % 50 !== 0) return;
    const { step, completionLoss, tokensPerSecond } = event.metrics;
    console.error(
      `step ${step} of ${event.steps}: ${completionLoss?.toFixed(3)} nats, ${Math.round(tokensPerSecond)} tokens/s`,
    );
  },
});
console.log(JSON.stringify({ run, ...evaluation }));

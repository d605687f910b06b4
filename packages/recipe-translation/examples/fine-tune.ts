/**
 * A term base, a few steps of training on the sample complaints, and the recipe's metrics before and after:
 *
 *     node packages/recipe-translation/examples/fine-tune.ts MODEL_FOLDER RUN_FOLDER [STEPS]
 *
 * A few steps show that everything fits together. To learn to translate, a model has to know both languages already.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate, fineTune } from '@counterweight/core';
import { translation } from '@counterweight/recipe-translation';

const [model, output, steps = '4'] = process.argv.slice(2);
if (!model || !output) throw new Error('Give a model folder and a new folder for the run.');

const recipe = translation({
  task: 'translate-formally',
  glossary: [{ from: 'en', to: 'de', terms: { statement: 'Kontoauszug', refund: 'Erstattung' } }],
});
const data = fileURLToPath(new URL('../fixtures/complaints.jsonl', import.meta.url));
const task = { model, recipe, data };
const sampling = { maxNewTokens: 32 };

const before = await evaluate({ ...task, sampling });
const { run } = await fineTune({
  ...task,
  output,
  training: { method: 'lora', maxSteps: Number(steps), batchSize: 4, learningRate: 1e-3 },
});
const after = await evaluate({ ...task, sampling, adapter: join(run, 'adapter') });

for (const [name, value] of Object.entries(after.metrics)) {
  console.log(`${name}: ${before.metrics[name]?.toFixed(2)} → ${value.toFixed(2)}`);
}
console.log(`completion loss: ${before.completionLoss?.toFixed(3)} → ${after.completionLoss?.toFixed(3)}`);

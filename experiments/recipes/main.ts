/**
 * Every recipe and task on one model: the unchanged model, the simplest baselines, and the model tuned at weight 0, the
 * recipe's default and one above it, on held-out rows with the recipe's own metrics.
 *
 *     node experiments/recipes/main.ts --model FOLDER --name SmolLM2-135M-Instruct         (all tasks)
 *     node experiments/recipes/main.ts support/intent retail/next-items --model FOLDER --seeds 3
 *     node experiments/recipes/main.ts support/intent --model FOLDER --data train.jsonl --eval-data held-out.jsonl
 *
 * What is done stays done: `runs/` keeps every answer, and a training that was ended goes on. A task that is whole goes into
 * `results.json`, which is committed; `node experiments/recipes/write-tables.ts` puts it into the READMEs.
 */
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addResults, resultsFile } from './results.ts';
import { runTask } from './run-task.ts';
import { nameOf, tasks } from './tasks.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    name: { type: 'string' },
    rows: { type: 'string' },
    'held-out': { type: 'string' },
    seeds: { type: 'string', default: '1' },
    data: { type: 'string' },
    'eval-data': { type: 'string' },
    method: { type: 'string', default: 'lora' },
    'learning-rate': { type: 'string', default: '1e-3' },
    epochs: { type: 'string' },
    runs: { type: 'string', default: fileURLToPath(new URL('runs', import.meta.url)) },
    results: { type: 'string', default: fileURLToPath(resultsFile) },
  },
});
const { model, name = basename(model ?? ''), results, method } = values;
if (model === undefined) throw new Error('Give --model FOLDER.');
if (method !== 'lora' && method !== 'full') throw new Error('--method is lora or full.');
const unknown = positionals.find((wanted) => !tasks.some((task) => nameOf(task) === wanted));
if (unknown) throw new Error(`There is no ${unknown}: ${tasks.map(nameOf).join(', ')}`);
if (values.data !== undefined && positionals.length !== 1) throw new Error('--data is for one task: name it.');

const wanted = tasks.filter((task) => positionals.length === 0 || positionals.includes(nameOf(task)));
for (const task of wanted) {
  if (task.train === undefined && values.data === undefined) {
    console.log(`${nameOf(task)}: ${task.rows}`);
    continue;
  }
  const result = await runTask(task, {
    model: resolve(model),
    rows: values.rows === undefined ? undefined : Number(values.rows),
    heldOut: Number(values['held-out'] ?? (task.short ? 150 : 60)),
    seeds: Number(values.seeds),
    epochs: values.epochs === undefined ? undefined : Number(values.epochs),
    data: values.data,
    evalData: values['eval-data'],
    training: {
      method,
      ...(method === 'lora' && { loraRank: 16 }),
      learningRate: Number(values['learning-rate']),
      // What rows begin with is computed once a step; a step holds about ten short rows, or a few long ones.
      ...{ batchSize: 1, packing: 'shared-prefix', ...(task.short && { maxLength: 256 }) },
      evaluateAtStart: false,
    },
    runs: `${values.runs}/${name}`,
    log: console.log,
  });
  addResults({ measured: { [nameOf(task)]: { [name]: result } } }, results);
  for (const { kind, name: what, weight, metrics } of result.systems) {
    const values = result.shown.map(({ name: metric }) => {
      const { value, interval } = metrics[metric] ?? { value: Number.NaN, interval: [] };
      return `${metric} ${value} (${interval.join(' … ')})`;
    });
    console.log(`  ${what ?? (weight === undefined ? kind : `weight ${weight}`)}: ${values.join(', ')}`);
  }
}

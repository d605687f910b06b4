/**
 * Does a fine-tuned model recommend better than a list of best-sellers? Real till receipts, split by time: trained on the
 * year up to 3 December, measured on what the same shoppers bought in the four weeks after it.
 *
 *     node experiments/retail/lists.ts --epochs 1 --samples 16
 *
 * It prints the recipe's metrics for four baselines and for the model, read in four ways: the catalogue ranked by
 * likelihood, greedy, greedy within the catalogue, and as the votes of several sampled lists. Numbers of a run are in the README.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type EngineChoice, engineNames, fineTune, generate, type TrainingEvent } from '@counterweight/core';
import { nextItemsRows, readCatalogue, readPurchases } from '../../packages/recipe-retail/fixtures/completejourney.ts';
import { type RetailRow, retail, scoreBaselines } from '../../packages/recipe-retail/src/index.ts';
import { intervalOverPopularity } from './interval-over-popularity.ts';

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string', default: fileURLToPath(new URL('../../models/stories260k', import.meta.url)) },
    /** A model of an earlier run: no training. */
    trained: { type: 'string' },
    /** The latest rows to train on, and rows to measure on; default all. */
    rows: { type: 'string' },
    'held-out': { type: 'string' },
    epochs: { type: 'string', default: '1' },
    'learning-rate': { type: 'string', default: '2e-3' },
    'batch-size': { type: 'string', default: '8' },
    'prompt-loss-weight': { type: 'string', default: '0.1' },
    /** Lists to sample for each row; 0 leaves the votes out. */
    samples: { type: 'string', default: '16' },
    seed: { type: 'string', default: '0' },
    engine: { type: 'string', default: 'auto' },
    output: { type: 'string', default: join(mkdtempSync(join(tmpdir(), 'retail-')), 'run') },
  },
});

const catalogue = readCatalogue();
const recipe = retail({ catalogue, rank: 'generate' });
const ranked = retail({ catalogue });
const constrained = retail({ catalogue, constrain: true });
const engine = engineOf(flags.engine);
const split = nextItemsRows(readPurchases());
const training = flags.rows ? split.train.slice(0, Number(flags.rows)) : split.train;
const heldOut = flags['held-out'] ? split.heldOut.slice(0, Number(flags['held-out'])) : split.heldOut;

console.log(`${training.length} rows to train on, ${heldOut.length} held out, ${catalogue.length} names`);
const model = flags.trained ?? (await train());
const results: Record<string, Record<string, number>> = await scoreBaselines(recipe, { training, heldOut, length: 5 });
results.ranked = await measure('ranked', await lists(ranked, 1));
results.greedy = await measure('greedy', await lists(recipe, 1));
results.constrained = await measure('constrained', await lists(constrained, 1));
if (Number(flags.samples) > 1) results.votes = await measure('votes', await lists(recipe, Number(flags.samples)));
print(results);
console.log(JSON.stringify(results));

async function train(): Promise<string> {
  const data = join(mkdtempSync(join(tmpdir(), 'retail-rows-')), 'train.jsonl');
  writeFileSync(data, training.map((row) => JSON.stringify(row)).join('\n'));
  const start = performance.now();
  const { run, steps } = await fineTune({
    recipe,
    model: flags.model,
    data,
    engine,
    output: flags.output,
    training: {
      method: 'full',
      epochs: Number(flags.epochs),
      batchSize: Number(flags['batch-size']),
      learningRate: Number(flags['learning-rate']),
      promptLossWeight: Number(flags['prompt-loss-weight']),
      seed: Number(flags.seed),
    },
    onEvent: printStep,
  });
  console.log(`${steps} steps in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return join(run, 'model');
}

/** Predictions for the held-out rows: greedy, or several sampled lists a row, which the recipe takes as votes. */
async function lists(by: typeof recipe, samples: number) {
  const parsed = heldOut.map((row) => by.parseRow(row));
  const rows = heldOut.flatMap(({ history }) => Array.from({ length: samples }, () => ({ history })));
  const sampling = samples > 1 ? { temperature: 1, seed: Number(flags.seed) } : {};
  const texts = await generate({ recipe: by, model, engine, rows, sampling });
  return texts.map((text, i) => ({ row: parsed[Math.floor(i / samples)] as RetailRow, text }));
}

async function measure(name: string, predictions: readonly { readonly row: RetailRow; readonly text: string }[]) {
  const scores: Record<string, number> = {};
  for (const metric of recipe.metrics) scores[metric.name] = await metric.compute(predictions);
  const { low, high } = await intervalOverPopularity(recipe, predictions);
  console.log(`${name}: ndcgOverPopularityAt5 has the 95 % interval [${low.toFixed(4)}, ${high.toFixed(4)}]`);
  return scores;
}

function print(all: Readonly<Record<string, Readonly<Record<string, number>>>>): void {
  const names = Object.keys(all);
  console.log(`| |${names.join('|')}|\n|---|${names.map(() => '---').join('|')}|`);
  for (const { name } of recipe.metrics) {
    console.log(`| \`${name}\` |${names.map((one) => all[one]?.[name]?.toFixed(3) ?? '').join('|')}|`);
  }
}

function printStep(event: TrainingEvent): void {
  if (event.type !== 'step' || event.metrics.step % 100 !== 0) return;
  const { step, completionLoss, promptLoss, tokensPerSecond } = event.metrics;
  const [answers, prompts] = [completionLoss, promptLoss].map((loss) => loss?.toFixed(3));
  console.log(
    `step ${step}: loss of answers ${answers}, of prompts ${prompts}, ${tokensPerSecond.toFixed(0)} tokens/s`,
  );
}

function engineOf(name: string): EngineChoice {
  const choice = (['auto', ...engineNames] as const).find((one) => one === name);
  if (!choice) throw new Error(`There is no engine "${name}".`);
  return choice;
}

/**
 * Is a catalogue that is ranked by a model's likelihoods better than simple recommenders? Trained twice: by the one that has not
 * seen the last window, the mixture of likelihood, popularity and the shopper's own counts is chosen on that window; the
 * other is measured on the held-out rows, alone and mixed, beside the four baselines.
 *
 *     node experiments/retail/ranking.ts groceries --output FOLDER
 *     node experiments/retail/ranking.ts movies --output FOLDER
 *     node experiments/retail/ranking.ts groceries --output FOLDER --model SMOLLM2 --method lora --learning-rate 1e-3 \
 *       --train-rows 1000 --rows 300
 *
 * What is done stays in the folder: trainings, and log-likelihoods row by row.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { answerLikelihoods } from '../../packages/core/src/generation/answer-likelihoods.ts';
import type { Ranking } from '../../packages/core/src/generation/rank-answers.ts';
import { requestMaker } from '../../packages/core/src/generation/request.ts';
import { fineTune } from '../../packages/core/src/index.ts';
import { openModel } from '../../packages/core/src/task/open-model.ts';
import { openTask } from '../../packages/core/src/task/open-task.ts';
import { tokenizePrompt } from '../../packages/core/src/tokenization/tokenize-example.ts';
import { type RetailRow, retail } from '../../packages/recipe-retail/src/index.ts';
import { bestOf, mean, ndcgOf, printOverBaselines } from './compare.ts';
import { boughtOf, type DatasetName, datasets, popularityIn } from './datasets.ts';

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string' },
    model: { type: 'string', default: fileURLToPath(new URL('../../models/stories260k', import.meta.url)) },
    method: { type: 'string', default: 'full' },
    epochs: { type: 'string', default: '2' },
    'learning-rate': { type: 'string', default: '2e-3' },
    'prompt-loss-weight': { type: 'string', default: '0' },
    'history-items': { type: 'string', default: '24' },
    /** The first of each window's rows; default all. */
    rows: { type: 'string' },
    /** The newest of the rows to train on, at most; default all. */
    'train-rows': { type: 'string' },
  },
});
const dataset = datasets[(positionals[0] ?? 'groceries') as DatasetName]();
const { output } = flags;
if (output === undefined) throw new Error('Give --output FOLDER.');
const recipe = retail({ catalogue: dataset.catalogue, historyItems: Number(flags['history-items']) });
const names = recipe.answers?.texts ?? [];

/** Weights of log popularity and of log(1 + times bought) beside a name's log-likelihood. */
interface Mixture {
  readonly popularity: number;
  readonly bought: number;
}

const POPULARITY = [0, 0.25, 0.5, 1, 2];
const BOUGHT = [-20, -2, -1, 0, 0.25, 0.5, 1, 1.5, 2, 3, 4];

const atMost = (rows: readonly RetailRow[], count: string | undefined) => rows.slice(0, Number(count ?? rows.length));
const [last, heldOut] = [atMost(dataset.last, flags.rows), atMost(dataset.heldOut, flags.rows)];
const onLast = await likelihoods(await trained('before', atMost(dataset.before, flags['train-rows'])), 'last', last);
const tried = POPULARITY.flatMap((popularity) =>
  BOUGHT.map((bought) => {
    const mixture = { popularity, bought };
    return { mixture, value: mean(ndcgOf(last, mixed(onLast, dataset.before, mixture))) };
  }),
);
for (const { mixture, value } of tried) console.log(`last window: ${JSON.stringify(mixture)} ${value.toFixed(4)}`);
const chosen = tried.reduce((a, b) => (b.value > a.value ? b : a)).mixture;
console.log(`chosen on ${last.length} rows: ${JSON.stringify(chosen)}`);
const all = [...dataset.last, ...dataset.before];
const onHeldOut = await likelihoods(await trained('all', atMost(all, flags['train-rows'])), 'held-out', heldOut);
const measured = (mixture: Mixture) => ndcgOf(heldOut, mixed(onHeldOut, all, mixture));
printOverBaselines(
  { ...dataset, heldOut },
  { 'the model alone': measured({ popularity: 0, bought: 0 }), 'the model, mixed': measured(chosen) },
);

function mixed(sums: readonly (readonly number[])[], training: readonly RetailRow[], { popularity, bought }: Mixture) {
  const popular = popularityIn(training, names);
  return (row: RetailRow, at: number): string[] => {
    const times = boughtOf(row, names);
    const score = (sum: number, i: number) => sum + popularity * (popular[i] as number) + bought * (times[i] as number);
    return bestOf(names, (sums[at] ?? []).map(score));
  };
}

/** The folder of a run on these rows, which goes on where it was ended. */
async function trained(name: string, rows: readonly RetailRow[]): Promise<string> {
  const run = join(output as string, name);
  if (existsSync(join(run, 'result.json'))) return run;
  await fineTune({
    recipe,
    model: flags.model,
    data: rows.map(({ history, answer = [] }) => ({ history, next: answer })),
    output: run,
    resume: existsSync(join(run, 'run.json')),
    training: {
      method: flags.method === 'lora' ? 'lora' : 'full',
      epochs: Number(flags.epochs),
      // A template's beginning is computed once for the rows of a step.
      ...(flags.method === 'lora' ? { batchSize: 2, packing: 'shared-prefix' } : { batchSize: 8 }),
      learningRate: Number(flags['learning-rate']),
      promptLossWeight: Number(flags['prompt-loss-weight']),
      checkpointEvery: 100,
    },
    onEvent(event) {
      if (event.type !== 'step' || event.metrics.step % 100 !== 0) return;
      const { step, completionLoss, tokensPerSecond } = event.metrics;
      console.log(`${name}, step ${step}: ${completionLoss?.toFixed(3)}, ${tokensPerSecond.toFixed(0)} tokens/s`);
    },
  });
  return run;
}

/** Log-likelihoods of all names for each row by the model of a run, out of the file as far as it goes. */
async function likelihoods(run: string, window: string, rows: readonly RetailRow[]): Promise<number[][]> {
  const file = join(run, `likelihoods-${window}.jsonl`);
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
  const found = known.slice(0, rows.length).map((line) => JSON.parse(line) as number[]);
  if (found.length === rows.length) return found;
  const isAdapter = existsSync(join(run, 'adapter'));
  const [model, adapter] = isAdapter ? [flags.model, join(run, 'adapter')] : [join(run, 'model'), undefined];
  const task = await openTask({ recipe, model, ...(adapter !== undefined && { adapter }) });
  const { decoder, dispose } = await openModel(task, {});
  const requestFor = requestMaker(recipe, task.tokenizer);
  const { layout, defaults } = recipe;
  const { chat, tokenizer } = task;
  const start = performance.now();
  for (let at = found.length; at < rows.length; at += 8) {
    const requests = rows.slice(at, at + 8).map((row) => {
      const room = { maxLength: defaults.maxLength, maxNewTokens: defaults.maxNewTokens, where: `row ${at}` };
      return requestFor(row, tokenizePrompt(recipe.render(row), { layout, chat, tokenizer, ...room }).ids);
    });
    const [{ candidates }] = requests.map(({ ranking }) => ranking) as [Ranking];
    const prompts = requests.map(({ promptIds }) => promptIds);
    for (const sums of await answerLikelihoods(decoder, prompts, candidates.ids)) {
      const rounded = Array.from(sums, (sum) => Number(sum.toFixed(6)));
      found.push(rounded);
      appendFileSync(file, `${JSON.stringify(rounded)}\n`);
    }
  }
  console.log(`${rows.length} rows ranked in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  dispose();
  return found;
}

/**
 * Is a catalogue that is ranked by a model's likelihoods better than simple recommenders? Of a model that beat-popularity.ts
 * has trained, the log-likelihood of every name for every held-out row is kept in a file, row by row, so that a run that was
 * ended goes on where it was. The weight of the shopper's own counts is chosen on the first half of the rows and measured,
 * beside the four baselines, on the second.
 *
 *     node bench/beat-popularity.ts --samples 0 --output RUN                                # about 4 minutes
 *     node bench/retail-ranking.ts --trained RUN/model --scores scores.jsonl               # a second or two a row
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { answerLikelihoods } from '../packages/core/src/generation/answer-likelihoods.ts';
import type { Ranking } from '../packages/core/src/generation/rank-answers.ts';
import { requestMaker } from '../packages/core/src/generation/request.ts';
import { createRandom, percentileInterval, resample } from '../packages/core/src/index.ts';
import { openModel } from '../packages/core/src/task/open-model.ts';
import { openTask } from '../packages/core/src/task/open-task.ts';
import { tokenizePrompt } from '../packages/core/src/tokenization/tokenize-example.ts';
import { nextItemsRows, readCatalogue, readPurchases } from '../packages/recipe-retail/fixtures/completejourney.ts';
import {
  boughtBefore,
  coOccurrence,
  ndcg,
  popularAndBought,
  popularity,
  type RetailRow,
  retail,
} from '../packages/recipe-retail/src/index.ts';

const { values: flags } = parseArgs({
  options: {
    trained: { type: 'string' },
    scores: { type: 'string', default: 'scores.jsonl' },
    'held-out': { type: 'string' },
  },
});
const K = 5;
const PRIORS = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];
const split = nextItemsRows(readPurchases());
const recipe = retail({ catalogue: readCatalogue() });
const names = recipe.answers?.texts ?? [];
const rows = split.heldOut.slice(0, Number(flags['held-out'] ?? split.heldOut.length)).map(recipe.parseRow);
const training = split.train.map(recipe.parseRow);

const scores = await scoresOf(rows);
const half = Math.floor(rows.length / 2);
const [validation, test] = [
  [0, half],
  [half, rows.length],
] as const;
const byModel = (prior: number) => (row: RetailRow, at: number) => ranked(row, scores[at] as number[], prior);
const chosen = PRIORS.map((prior) => ({ prior, value: mean(ndcgOf(byModel(prior), validation)) }));
for (const { prior, value } of chosen) console.log(`validation: prior ${prior}, NDCG@${K} ${value.toFixed(4)}`);
const best = chosen.reduce((a, b) => (b.value > a.value ? b : a)).prior;
console.log(`prior ${best} chosen on ${half} rows; measured on the other ${rows.length - half}:`);
const model = ndcgOf(byModel(0), test);
const withPrior = ndcgOf(byModel(best), test);
console.log(`model alone ${mean(model).toFixed(4)}, with prior ${mean(withPrior).toFixed(4)}`);
for (const make of [popularity, coOccurrence, boughtBefore, popularAndBought]) {
  const baseline = ndcgOf(make(training), test);
  const over = (own: readonly number[]) => interval(own.map((value, i) => value - (baseline[i] as number)));
  console.log(`${make.name} ${mean(baseline).toFixed(4)}; model over it ${over(model)}, with prior ${over(withPrior)}`);
}

/** Log-likelihoods of all names for each row, out of the file as far as it goes. */
async function scoresOf(all: readonly RetailRow[]): Promise<number[][]> {
  const known = existsSync(flags.scores) ? readFileSync(flags.scores, 'utf8').trim().split('\n').filter(Boolean) : [];
  const found = known.slice(0, all.length).map((line) => JSON.parse(line) as number[]);
  if (found.length === all.length) return found;
  const task = await openTask({ recipe, model: flags.trained ?? '' });
  const { decoder, dispose } = await openModel(task, {});
  const requestFor = requestMaker(recipe, task.tokenizer);
  const { layout, defaults } = recipe;
  const start = performance.now();
  for (let at = found.length; at < all.length; at += 8) {
    const requests = all.slice(at, at + 8).map((row) => {
      const room = { maxLength: defaults.maxLength, maxNewTokens: defaults.maxNewTokens, where: `row ${at}` };
      const { chat, tokenizer } = task;
      return requestFor(row, tokenizePrompt(recipe.render(row), { layout, chat, tokenizer, ...room }).ids);
    });
    const [{ candidates }] = requests.map(({ ranking }) => ranking) as [Ranking];
    const prompts = requests.map(({ promptIds }) => promptIds);
    for (const sums of await answerLikelihoods(decoder, prompts, candidates.ids)) {
      const rounded = Array.from(sums, (sum) => Number(sum.toFixed(6)));
      found.push(rounded);
      appendFileSync(flags.scores, `${JSON.stringify(rounded)}\n`);
    }
  }
  console.log(`${all.length} rows in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  dispose();
  return found;
}

function ranked({ history }: RetailRow, sums: readonly number[], prior: number): string[] {
  const times = new Map<string, number>();
  for (const name of history) times.set(name, (times.get(name) ?? 0) + 1);
  const score = (i: number) => (sums[i] as number) + prior * Math.log1p(times.get(names[i] as string) ?? 0);
  return names
    .map((name, i) => ({ name, score: score(i) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, K)
    .map(({ name }) => name);
}

function ndcgOf(
  recommend: (row: RetailRow, at: number) => readonly string[],
  [from, to]: readonly [number, number],
): number[] {
  return rows.slice(from, to).map((row, i) => ndcg(recommend(row, from + i), new Set(row.answer), K));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean and its 95 % interval, bootstrap over rows. */
function interval(values: readonly number[]): string {
  const means: number[] = [];
  resample({ items: values.length, samples: 2000, draw: createRandom(0).integer }, (drawn) => {
    means.push(mean(Array.from(drawn, (row) => values[row] as number)));
  });
  const [low, high] = percentileInterval(means);
  return `${mean(values).toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

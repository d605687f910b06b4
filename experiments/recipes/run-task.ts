import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import {
  type AnyRecipe,
  evaluate,
  fineTune,
  type PredictionRecord,
  SWEEP_DEFAULTS,
  type TrainingOptionsInput,
} from '@counterweight/core';
import { difference, estimate, measure, type SampledMetrics } from './measure.ts';
import type { SystemResult, TaskResult } from './results.ts';
import { type ChosenRows, chooseRows, type RowOptions } from './rows.ts';
import { nameOf, openRecipe, type RecipeTask } from './tasks.ts';

export interface TaskOptions extends RowOptions {
  readonly seeds: number;
  /** But for the epochs, which the rows decide. */
  readonly training: Omit<TrainingOptionsInput, 'epochs'>;
  /** Where outputs are kept, so that what was done is not done again. */
  readonly runs: string;
  readonly log: (line: string) => void;
}

/** The rows that a system answered, by number from 1, and what it wrote; and what that took of the processor, all threads. */
interface Answers {
  readonly numbers: readonly number[];
  readonly outputs: readonly string[];
  readonly seconds: number;
}

/** Weight 0, the recipe's, and one that is well above it: of a sweep's weights the first from 0.1 on. */
export function weightsFor({ promptLossWeight }: AnyRecipe['defaults']): number[] {
  const above = SWEEP_DEFAULTS.weights.find((weight) => weight > promptLossWeight && weight >= 0.1);
  return [...new Set([0, promptLossWeight, above ?? 1])];
}

/**
 * The unchanged model, the baselines, and the model tuned at several weights, all on the same held-out rows with the
 * recipe's own metrics. Every answer is kept in a folder named by the hash of what decides it.
 */
export async function runTask(task: RecipeTask, options: TaskOptions): Promise<TaskResult> {
  const { seeds, log } = options;
  const recipe = await measurable(task, log);
  const rows = await chooseRows(task, recipe, options);
  const training = { ...options.training, epochs: rows.epochs };
  const weights = weightsFor(recipe.defaults);
  const answer = answerer(task, recipe, rows, { ...options, training });
  const unchanged = await answer('unchanged', (predictions) =>
    evaluate({ recipe, model: options.model, data: [rows.heldOut], predictions, training: withoutSchedule(training) }),
  );
  const tuned: { weight: number; answers: Answers[] }[] = [];
  for (const weight of weights) {
    const answers = [];
    for (let seed = 0; seed < seeds; seed++) {
      const own = await answer.tuned(weight, seed);
      if (own.numbers.join() !== unchanged.numbers.join()) throw new Error('Two models have answered different rows.');
      answers.push(own);
    }
    tuned.push({ weight, answers });
  }
  const measured = unchanged.numbers.map((number) => recipe.parseRow(rows.heldOut[number - 1]) as object);
  const taught = { recipe, train: rows.train.map((row) => recipe.parseRow(row)), heldOut: measured };
  const baselines = Object.entries(task.baselines).map(([name, baseline]) => ({ name, outputs: baseline(taught) }));
  const shown = shownOf(task, recipe);
  return {
    train: rows.train.length,
    heldOut: measured.length,
    seeds,
    training: { ...training },
    shown,
    systems: await compared(recipe, measured, { unchanged, tuned, baselines, shown }),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    day: new Date().toISOString().slice(0, 10),
    minutes: Math.ceil(
      [unchanged, ...tuned.flatMap(({ answers }) => answers)].reduce((sum, { seconds }) => sum + seconds, 0) / 60,
    ),
  };
}

/** The recipe of a task; where programs cannot be run here, without the metrics that run them. */
async function measurable(task: RecipeTask, log: TaskOptions['log']): Promise<AnyRecipe> {
  const recipe = openRecipe(task);
  try {
    for (const metric of recipe.metrics) await metric.ready?.();
    return recipe;
  } catch (error) {
    if (task.recipe !== 'code') throw error;
    log(`${nameOf(task)}: no program is run: ${(error as Error).message.split('\n')[0]}`);
    return openRecipe(task, { passAt: [] });
  }
}

function shownOf({ shown = [] }: RecipeTask, recipe: AnyRecipe): TaskResult['shown'] {
  const metrics = recipe.metrics.map(({ name, direction }) => ({ name, direction }));
  const wanted = shown.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
  return wanted.length > 0 ? wanted : metrics.filter(({ direction }) => direction !== 'descriptive').slice(0, 1);
}

/** What of the options an evaluation by itself takes. */
const withoutSchedule = ({ maxLength, precision }: TrainingOptionsInput): TrainingOptionsInput => ({
  ...(maxLength !== undefined && { maxLength }),
  ...(precision !== undefined && { precision }),
});

/** Answers that were given before are read; others are asked for. */
function answerer(
  task: RecipeTask,
  recipe: AnyRecipe,
  rows: ChosenRows,
  { model, training, runs, log }: Pick<TaskOptions, 'model' | 'runs' | 'log'> & { training: TrainingOptionsInput },
) {
  const folderOf = (...what: readonly unknown[]) => {
    const config = readFileSync(join(model, 'config.json'), 'utf8');
    const decides = [config, recipe.options, rows.heldOut, ...what];
    const hash = createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 12);
    return join(runs, task.recipe, task.task, hash);
  };
  const answer = async (what: string, write: (predictions: string) => Promise<unknown>, folder = folderOf(what)) => {
    const [kept, asked] = [join(folder, 'answers.json'), join(folder, 'predictions.jsonl')];
    if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Answers;
    mkdirSync(folder, { recursive: true });
    const before = process.cpuUsage();
    await write(asked);
    const { user, system } = process.cpuUsage(before);
    const answers = { ...answersIn(asked), seconds: Math.round((user + system) / 1e6) };
    writeFileSync(`${kept}.part`, JSON.stringify(answers));
    renameSync(`${kept}.part`, kept);
    log(`${nameOf(task)}: ${what}, ${answers.seconds} s`);
    return answers;
  };
  const tuned = async (promptLossWeight: number, seed: number): Promise<Answers> => {
    const folder = folderOf('tuned', rows.train, training, promptLossWeight, seed);
    const output = join(folder, 'run');
    const write = async (predictions: string) => {
      await fineTune({
        ...{ recipe, model, output, resume: existsSync(join(output, 'run.json')) },
        ...{ data: [rows.train], evalData: [rows.heldOut], training: { ...training, promptLossWeight, seed } },
      });
      const [newest = ''] = readdirSync(output)
        .filter((name) => name.startsWith('predictions-'))
        .sort()
        .reverse();
      copyFileSync(join(output, newest), predictions);
    };
    const answers = await answer(`weight ${promptLossWeight}, seed ${seed}`, write, folder);
    // Not before its answers are kept: a training that is done would be done again.
    rmSync(output, { recursive: true, force: true });
    return answers;
  };
  return Object.assign(answer, { tuned });
}

function answersIn(file: string): Omit<Answers, 'seconds'> {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as PredictionRecord);
  return { numbers: records.map(({ row }) => row), outputs: records.map(({ output }) => output) };
}

interface Answered {
  readonly unchanged: Answers;
  readonly tuned: readonly { readonly weight: number; readonly answers: readonly Answers[] }[];
  readonly baselines: readonly { readonly name: string; readonly outputs: readonly string[] }[];
  readonly shown: TaskResult['shown'];
}

async function compared(
  recipe: AnyRecipe,
  rows: readonly object[],
  { unchanged, tuned, baselines, shown }: Answered,
): Promise<SystemResult[]> {
  const inNumbers = (metrics: SampledMetrics) =>
    Object.fromEntries(Object.entries(metrics).map(([name, sampled]) => [name, estimate(sampled)]));
  const systems: SystemResult[] = [
    { kind: 'unchanged', metrics: inNumbers(await measure(recipe, rows, [unchanged.outputs])) },
  ];
  const simple: SampledMetrics[] = [];
  for (const { name, outputs } of baselines) {
    const metrics = await measure(recipe, rows, [outputs]);
    simple.push(metrics);
    systems.push({ kind: 'baseline', name, metrics: inNumbers(metrics) });
  }
  const best: Record<string, SampledMetrics[string]> = {};
  for (const { name, direction } of shown) {
    const sign = direction === 'lower-is-better' ? -1 : 1;
    const [first] = simple.flatMap((metrics) => metrics[name] ?? []).sort((a, b) => sign * (b.value - a.value));
    if (first) best[name] = first;
  }
  const over = (own: SampledMetrics, other: SampledMetrics) =>
    Object.fromEntries(
      shown.flatMap(({ name }) => {
        const [mine, theirs] = [own[name], other[name]];
        return mine && theirs ? [[name, difference(mine, theirs)]] : [];
      }),
    );
  let zero: SampledMetrics = {};
  for (const { weight, answers } of tuned) {
    const metrics = await measure(
      recipe,
      rows,
      answers.map(({ outputs }) => outputs),
    );
    if (weight === 0) zero = metrics;
    systems.push({
      ...{ kind: 'tuned', weight, metrics: inNumbers(metrics), overBaseline: over(metrics, best) },
      ...(weight !== 0 && { overZero: over(metrics, zero) }),
    });
  }
  return systems;
}

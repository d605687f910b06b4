import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { largestBatch } from '../batches/plan.ts';
import { openEngine } from '../engine/open-engine.ts';
import { UserError } from '../errors.ts';
import { assertEvaluable } from '../evaluation/evaluate-decoder.ts';
import { NEUTRAL_TEXT } from '../evaluation/forgetting/neutral-text.ts';
import { writeFileDurably } from '../files/durable.ts';
import { makeFolder } from '../files/make-folder.ts';
import { explainWriteError } from '../files/write-error.ts';
import { describeInputs } from '../run/describe-run.ts';
import { assertFits } from '../task/check-memory.ts';
import { planExamples } from '../task/plan-examples.ts';
import { settlePrecision } from '../task/settle-precision.ts';
import type { TrainingOptions } from '../training/options.ts';
import { openSweepData } from './open-bench.ts';
import { type OpenedSweep, planFrom } from './options.ts';
import { comparedTrials, pointsOf, type SweepPlan, trainingOf, tuningTrials } from './plan.ts';

const PLAN = 'sweep.json';

/** A sweep before its first step. */
export interface PlannedSweep {
  readonly plan: SweepPlan;
  /** Trainings that there will be, those that find learning rates included. */
  readonly trials: number;
  /** Steps of all of them. */
  readonly steps: number;
}

/**
 * The first step of a sweep: reads rows and options, so that every mistake in them is found now, and writes sweep.json.
 * @param processes that are going to work at it at the same time: their memory is counted beforehand
 * @throws {UserError} for every mistake in options, rows and model; `output-in-use` where the folder holds another sweep
 */
export async function planSweep<Row>(options: OpenedSweep<Row>, processes = 1): Promise<PlannedSweep> {
  const neutral = createHash('sha256')
    .update(JSON.stringify(options.neutral ?? NEUTRAL_TEXT))
    .digest('hex');
  const unhashed = planFrom(options, { inputs: NO_INPUTS, neutral, rows: NO_ROWS });
  const { task, data, parts } = await fittingSweep(options, unhashed, processes);
  const inputs = await describeInputs(task, options);
  const { templateDate, precision } = task.training;
  const training = { ...unhashed.training, precision, ...(templateDate !== undefined && { templateDate }) };
  const rows = {
    generationRatio: data.receipt.generationRatio,
    train: data.examples.length,
    validation: parts.validation.rows.length,
    test: parts.test.rows.length,
  };
  const plan: SweepPlan = { ...unhashed, training, inputs, rows };
  const trials = [...tuningTrials(plan), ...comparedTrials(plan, plan.tune && (() => plan.tune?.[0] as number))];
  let steps = 0;
  for (const trial of trials) {
    steps += (await planExamples({ ...task, training: trainingOf(plan, trial) }, data)).plan.steps;
  }
  await writePlan(resolve(options.output), plan);
  return {
    plan,
    trials: trials.length,
    steps,
  };
}

/**
 * Counts the memory of as many processes as are going to work at a sweep that was planned, at the same time.
 * @throws {UserError} `memory-exceeded` where there is less
 */
export async function assertSweepFits<Row>(options: OpenedSweep<Row>, processes: number): Promise<void> {
  await fittingSweep(options, await readPlan(options.output), processes);
}

/** Rows, and a model that every trial has room for. */
async function fittingSweep<Row>(options: OpenedSweep<Row>, plan: SweepPlan, processes: number) {
  const first = await firstTraining(plan, options.output);
  const { task: opened, data, parts } = await openSweepData(options, plan, first);
  const evaluation = await assertEvaluable(opened, parts.test);
  await openEngine(options.engine);
  const batchesOf = (training: TrainingOptions) => ({ batch: largestBatch(data.examples, training), evaluation });
  const task = await settlePrecision(opened, { batches: batchesOf(first), processes });
  const { precision, templateDate } = task.training;
  for (const settings of pointsOf(plan.axes)) {
    const own = trainingOf(plan, { stage: 'compare', settings, seed: plan.seeds[0] ?? 0 });
    const training = { ...own, precision, templateDate, promptLossWeight: 0 };
    await assertFits({ ...task, training } as typeof task, batchesOf(training), processes);
  }
  return { task, data, parts };
}

/**
 * Options of a trial, with the precision and the day of the template that the folder's plan has where they are left open.
 * All trials are in one precision, because they are compared: so of points that differ in the method it is the one that
 * trains every weight, which needs f32.
 */
async function firstTraining(plan: SweepPlan, output: string): Promise<TrainingOptions> {
  const folder = resolve(output);
  const before = existsSync(join(folder, PLAN)) ? (await readPlan(folder)).training : undefined;
  const trainings = pointsOf(plan.axes).map((settings) =>
    trainingOf(plan, { stage: 'compare', settings, seed: plan.seeds[0] ?? 0 }),
  );
  const first = (trainings.find(({ method }) => method === 'full') ?? trainings[0]) as TrainingOptions;
  const { precision, templateDate } = before ?? {};
  return {
    ...first,
    ...(first.precision === 'auto' && precision !== undefined && { precision }),
    ...(first.templateDate === undefined && templateDate !== undefined && { templateDate }),
  };
}

/** Of a plan before anything was read. */
const NO_ROWS: SweepPlan['rows'] = { generationRatio: 0, train: 0, validation: 0, test: 0 };
const NO_INPUTS: SweepPlan['inputs'] = { data: [], evalData: [], model: [], adapter: [], tokenizer: [] };

/** The plan of a sweep that was planned before. @throws {UserError} `file-not-found`, `file-malformed` */
export async function readPlan(sweep: string): Promise<SweepPlan> {
  const file = join(resolve(sweep), PLAN);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no sweep here.',
      where: file,
      fix: 'Give the folder of a sweep, or plan one: counterweight sweep plan.',
    });
  }
  try {
    const plan = JSON.parse(text) as SweepPlan;
    if (plan.format === 1 && Array.isArray(plan.seeds)) return plan;
  } catch {
    // Said below.
  }
  throw new UserError({
    code: 'file-malformed',
    problem: 'The plan of the sweep is damaged.',
    where: file,
    fix: 'Plan it again with the same options: trials that are done stay done.',
  });
}

/** More seeds, other weights or margins go on with the trials that are there; another task does not. */
async function writePlan(sweep: string, plan: SweepPlan): Promise<void> {
  const file = join(sweep, PLAN);
  if (existsSync(file)) {
    const before = await readPlan(sweep);
    const now = JSON.parse(JSON.stringify(plan)) as SweepPlan;
    const fixed = ({ recipe, training, evalSplit, inputs }: SweepPlan) => {
      const hashes = Object.entries(inputs).map(([kind, files]) => [kind, files.map(({ sha256 }) => sha256)]);
      return { recipe, training, evalSplit, hashes };
    };
    const [then, same] = [fixed(before), fixed(now)];
    const changed = Object.keys(same).filter(
      (name) => !isDeepStrictEqual(then[name as keyof typeof then], same[name as keyof typeof same]),
    );
    if (changed.length > 0) {
      throw new UserError({
        code: 'output-in-use',
        problem: `The folder holds another sweep: its ${changed.map((name) => WORDS[name]).join(', ')} differ.`,
        where: file,
        fix: 'Choose another --output. Weights, seeds and what is varied may change: trials that are done stay done.',
      });
    }
  }
  try {
    await makeFolder(sweep);
    await writeFileDurably(file, `${JSON.stringify(plan, null, 2)}\n`);
  } catch (error) {
    throw explainWriteError(error, sweep, '--output');
  }
}

const WORDS: Readonly<Record<string, string>> = {
  recipe: 'recipe',
  training: 'options of training',
  evalSplit: 'split',
  hashes: 'rows, model or tokenizer',
};

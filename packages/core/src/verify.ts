import { openEngine } from './engine/open-engine.ts';
import { UserError } from './errors.ts';
import type { Data } from './rows/data.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';
import { assertFits } from './task/check-memory.ts';
import { openTask, TASK_OPTIONS, type TaskOptions } from './task/open-task.ts';
import { readTrainingData } from './task/read-training-data.ts';
import { settlePrecision } from './task/settle-precision.ts';
import type { Precision } from './tensor/bfloat16.ts';
import type { WeightedExample } from './tokenization/example.ts';
import { type CheckHooks, makeChecks, type Verification } from './verify/check.ts';
import { CHECKS } from './verify/checks/index.ts';
import { chooseRows, ROWS_READ, tokensFor } from './verify/sample.ts';
import { createSubject } from './verify/subject.ts';

export interface VerifyOptions<Row> extends TaskOptions<Row>, Omit<CheckHooks, 'signal'> {
  /** Folder or hub id of an adapter in PEFT's layout, in place of a fresh one. */
  readonly adapter?: string | undefined;
  /** Rows that are trained on: files, folders, or rows in memory. */
  readonly data: Data;
  /** When all is read, before the first check. */
  readonly onBegin?:
    | ((begun: VerifiedRows & { readonly engine: string; readonly precision: Precision }) => void)
    | undefined;
}

/** Which rows were looked at. */
export interface VerifiedRows {
  readonly rows: number;
  /** Examples they were chosen from: of the first 2,000 rows, or fewer where `maxRows` says so. */
  readonly of: number;
  readonly tokens: number;
  /** Tokens of the shortest and the longest. */
  readonly shortest: number;
  readonly longest: number;
}

const NAMES: NamesOf<VerifyOptions<never>> = {
  ...TASK_OPTIONS,
  adapter: true,
  data: true,
  onBegin: true,
  onProgress: true,
  onCheck: true,
};

/**
 * Whether what the options promise holds on these rows with this model: that batch size, accumulation, packing,
 * recomputation and engine change nothing of a step's losses and gradient; that weight 0 masks the prompt and weight 1
 * counts it fully; that a resumed training ends as an uninterrupted one; that a merged model is the model with its
 * adapter, and its export what was written. A few rows of all lengths are looked at. About a minute for a model of 135
 * million weights on two processor cores; nothing is left behind.
 * @throws {UserError} for options, rows and models that cannot be trained either
 * @throws the reason of the signal once it is aborted
 * @example
 * ```ts
 * import { verify } from '@counterweight/core';
 * import { support } from '@counterweight/recipe-support';
 *
 * const { pass, checks } = await verify({ recipe: support(), model: 'org/name', data: 'train.csv' });
 * for (const { name, pass, difference, tolerance } of checks) console.log(name, pass, difference, tolerance);
 * ```
 */
export async function verify<Row>(
  options: VerifyOptions<Row>,
): Promise<Verification & { readonly looked: VerifiedRows }> {
  assertNames(options, NAMES);
  const { maxRows = ROWS_READ } = options.training ?? {};
  const training = { ...options.training, maxRows: Math.min(maxRows, ROWS_READ) };
  const opened = await openTask({ ...options, training });
  const data = await readTrainingData(opened, { data: options.data });
  const { lengths } = data.examples;
  const chosen = chooseRows(lengths, tokensFor(opened.config));
  const examples = chosen.map((i) => data.examples.at(i) as WeightedExample);
  const own = examples.map(({ ids }) => ids.length);
  const tokens = own.reduce((sum, length) => sum + length, 0);
  const looked = {
    ...{ rows: own.length, of: lengths.length, tokens },
    ...{ shortest: Math.min(...own), longest: Math.max(...own) },
  };
  const engine = await openEngine(options.engine);
  const batches = { batch: { rows: 1, length: tokens }, evaluation: undefined };
  // What rounding hides is hundreds of times less in f32, whatever is faster.
  const task = await settlePrecision(opened, { batches, prefersF32: true });
  assertMethod(options);
  await assertFits(task, batches);
  options.onBegin?.({ ...looked, engine: engine.description, precision: task.training.precision });
  const subject = await createSubject(task, examples);
  try {
    return { ...(await makeChecks(CHECKS, subject, options)), looked };
  } finally {
    await subject.close();
  }
}

/** As training says it, before anything is read. */
function assertMethod<Row>({ adapter, training }: VerifyOptions<Row>): void {
  if (adapter === undefined || training?.method !== 'full') return;
  throw new UserError({
    code: 'option-invalid',
    problem: 'There is no adapter where every weight is trained.',
    where: 'options adapter and method',
    fix: 'Leave one of the two out.',
  });
}

import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { type PredictionRecord, predictionsFile, writePredictions } from '../evaluation/predictions.ts';
import type { StepMetrics } from '../training/events.ts';
import { RUN } from './claim-run-folder.ts';
import type { RunDescription } from './describe-run.ts';

/** What a run leaves behind: the layout is a contract that scripts rely on. */
export interface RunFolder {
  readonly path: string;
  readonly checkpoints: string;
  readonly adapter: string;
  readonly model: string;
  writeMetrics(metrics: StepMetrics): Promise<void>;
  writeEvaluation(step: number, evaluation: Evaluation): Promise<void>;
  writePredictions(step: number, predictions: readonly PredictionRecord[]): Promise<void>;
}

function runFolder(output: string): RunFolder {
  const path = resolve(output);
  return {
    path,
    checkpoints: checkpointsIn(output),
    adapter: join(path, 'adapter'),
    model: join(path, 'model'),
    writeMetrics: (metrics) => appendFile(join(path, METRICS), `${JSON.stringify(metrics)}\n`),
    writePredictions: (step, predictions) => writePredictions(join(path, predictionsFile(step)), predictions),
    writeEvaluation: (step, { metrics, ...losses }) =>
      appendFile(join(path, EVALUATIONS), `${JSON.stringify({ step, ...losses, ...metrics })}\n`),
  };
}

const METRICS = 'metrics.jsonl';
const EVALUATIONS = 'evaluations.jsonl';

/**
 * Makes the folder and writes run.json. Called when everything else is known to be good. What a run that was stopped
 * before its first checkpoint has logged there is taken back, for it will happen again.
 */
export async function createRunFolder(output: string, description: RunDescription): Promise<RunFolder> {
  const run = runFolder(output);
  await mkdir(run.path, { recursive: true });
  for (const log of [METRICS, EVALUATIONS]) await rm(join(run.path, log), { force: true });
  await writeFile(join(run.path, RUN), `${JSON.stringify(description, null, 2)}\n`);
  return run;
}

export const checkpointsIn = (output: string): string => join(resolve(output), 'checkpoints');

/**
 * A resumed run must be the run that was interrupted: same options, data, model and tokenizer.
 * @throws {UserError} `option-invalid` naming what differs
 */
export async function assertSameRun(output: string, description: RunDescription): Promise<void> {
  const file = join(output, RUN);
  const before = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  // Through JSON, like the one before: what is undefined is absent in both.
  const now = JSON.parse(JSON.stringify(description)) as Record<string, unknown>;
  for (const part of ['recipe', 'training', 'inputs', 'seed'] as const) {
    if (isDeepStrictEqual(before[part], now[part])) continue;
    throw new UserError({
      code: 'option-invalid',
      problem: `The run in this folder was started with another ${part}.`,
      where: `${file}, field "${part}"`,
      fix: 'Resume with the options, rows and model the run was started with, or choose another --output.',
    });
  }
}

/** Opens an interrupted run's folder again; what it logged after `step` is taken back, for it will happen again. */
export async function reopenRunFolder(output: string, step: number): Promise<RunFolder> {
  const run = runFolder(output);
  for (const file of [METRICS, EVALUATIONS]) await keepLinesUpTo(join(run.path, file), step);
  return run;
}

async function keepLinesUpTo(file: string, step: number): Promise<void> {
  if (!existsSync(file)) return;
  // A line cut short by the interruption is the last one; it is later than any checkpoint.
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const kept = lines.filter((line) => (JSON.parse(line) as { step: number }).step <= step);
  await writeFile(file, kept.map((line) => `${line}\n`).join(''));
}

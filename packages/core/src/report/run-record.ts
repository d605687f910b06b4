import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { type PredictionRecord, predictionsFile } from '../evaluation/predictions.ts';
import { RUN } from '../run/claim-run-folder.ts';
import type { RunDescription } from '../run/describe-run.ts';
import { type HistoryEntry, readHistory } from '../run/history.ts';
import { type Forgetting, readForgetting } from '../run/measure-forgetting.ts';
import { parseResultRecord, type ResultRecord } from '../run/result-record.ts';
import { parseRunDescription } from '../run/run-folder.ts';
import { readEvaluations, readMetrics } from '../run/run-log.ts';
import { readShownExamples } from '../run/shown-examples.ts';
import type { StepMetrics } from '../training/events.ts';
import type { Measurement } from './evidence/metric-evidence.ts';
import type { PreviewExample } from './token-runs.ts';

/** What a run is and what it came to, without what it wrote down step by step and row by row. */
export interface RunSummary {
  /** The folder's own name. */
  readonly name: string;
  readonly description: RunDescription;
  /** In order; their outputs are there where they were read. */
  readonly evaluations: readonly Measurement[];
  /** What the run came to; undefined where it has no result yet. */
  readonly result: ResultRecord | undefined;
  readonly history: readonly HistoryEntry[];
}

/** Everything a run folder tells. */
export interface RunRecord extends RunSummary {
  readonly steps: readonly StepMetrics[];
  /** Some rows that were trained on, token by token. */
  readonly examples: readonly PreviewExample[];
  /** Undefined where it was not measured. */
  readonly forgetting: Forgetting | undefined;
}

/**
 * Reads the description of a run and what came of it: small files, however long the run is.
 * @throws {UserError} `file-not-found` when the folder holds no run, `file-malformed` where run.json is damaged
 */
export async function readRunSummary(runFolder: string): Promise<RunSummary> {
  const folder = resolve(runFolder);
  const file = join(folder, RUN);
  if (!existsSync(file)) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no run here: run.json is missing.',
      where: folder,
      fix: 'Give the output folder of a training run.',
    });
  }
  const evaluations = (await readEvaluations(folder)).sort((a, b) => a.step - b.step);
  return {
    name: basename(folder),
    description: parseRunDescription(await readFile(file, 'utf8'), file) as unknown as RunDescription,
    evaluations: evaluations.map((entry) => ({ ...entry, predictions: [] })),
    result: await parseResultRecord(folder),
    history: await readHistory(folder),
  };
}

/**
 * Reads a run folder back, as far as the run went. Outputs are those of the first evaluation and of that of the result.
 * @param mostSteps of more steps than so many, every second, third, … and the last: for who looks while it goes on
 * @throws {UserError} as {@link readRunSummary}
 */
export async function readRunRecord(runFolder: string, mostSteps?: number): Promise<RunRecord> {
  const folder = resolve(runFolder);
  const { evaluations, ...summary } = await readRunSummary(folder);
  const last = evaluations.find(({ step }) => step === summary.result?.resultStep) ?? evaluations.at(-1);
  return {
    ...summary,
    steps: await readMetrics(folder, mostSteps),
    evaluations: await Promise.all(
      evaluations.map(async (entry) => ({
        ...entry,
        predictions: entry === evaluations[0] || entry === last ? await readPredictions(folder, entry.step) : [],
      })),
    ),
    examples: await readShownExamples(folder),
    forgetting: await readForgetting(folder),
  };
}

/** The outputs of an evaluation; a line that is none is left out. */
async function readPredictions(folder: string, step: number): Promise<PredictionRecord[]> {
  const file = join(folder, predictionsFile(step));
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => parsePrediction(line) ?? []);
}

function parsePrediction(line: string): PredictionRecord | undefined {
  try {
    const value = JSON.parse(line) as PredictionRecord;
    return typeof value?.row === 'number' && typeof value.output === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { RunDescription } from '../run/describe-run.ts';
import type { StepMetrics } from '../training/events.ts';

/** Everything a run folder tells. */
export interface RunRecord {
  readonly description: RunDescription;
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly LoggedEvaluation[];
}

/** A line of evaluations.jsonl: the losses, and the recipe's metrics beside them by their names. */
export interface LoggedEvaluation {
  readonly step: number;
  readonly rows: number;
  readonly tokens: number;
  readonly loss: number | null;
  readonly promptLoss: number | null;
  readonly completionLoss: number | null;
  readonly perplexity: number | null;
  readonly [metric: string]: number | null;
}

/**
 * Reads a run folder back, as far as the run went.
 * @throws {UserError} `file-not-found` when the folder holds no run
 */
export async function readRunRecord(runFolder: string): Promise<RunRecord> {
  const description = join(runFolder, 'run.json');
  if (!existsSync(description)) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no run here: run.json is missing.',
      where: resolve(runFolder),
      fix: 'Give the output folder of a training run.',
    });
  }
  return {
    description: JSON.parse(await readFile(description, 'utf8')) as RunDescription,
    steps: await readLines<StepMetrics>(join(runFolder, 'metrics.jsonl')),
    evaluations: await readLines<LoggedEvaluation>(join(runFolder, 'evaluations.jsonl')),
  };
}

/** The whole lines of a log; what an interruption cut short has no newline at its end. */
async function readLines<Line>(file: string): Promise<Line[]> {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

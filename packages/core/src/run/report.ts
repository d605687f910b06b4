import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { StepMetrics } from '../training/events.ts';
import type { RunDescription } from './describe-run.ts';
import { type LoggedEvaluation, reportPage } from './report-page.ts';

/**
 * Writes `report.html` into a run folder: the run on one page that needs nothing else, from the files that lie there.
 * A run that was interrupted, or has no evaluations, is reported as far as it went.
 * @throws {UserError} `file-not-found` when the folder holds no run
 */
export async function writeReport(runFolder: string): Promise<void> {
  const description = join(runFolder, 'run.json');
  if (!existsSync(description)) {
    throw new UserError({
      code: 'file-not-found',
      problem: 'There is no run here: run.json is missing.',
      where: resolve(runFolder),
      fix: 'Give the output folder of a training run.',
    });
  }
  const page = reportPage({
    description: JSON.parse(await readFile(description, 'utf8')) as RunDescription,
    steps: await readLines<StepMetrics>(join(runFolder, 'metrics.jsonl')),
    evaluations: await readLines<LoggedEvaluation>(join(runFolder, 'evaluations.jsonl')),
  });
  await writeFile(join(runFolder, 'report.html'), page);
}

/** The whole lines of a log; what an interruption cut short has no newline at its end. */
async function readLines<Line>(file: string): Promise<Line[]> {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

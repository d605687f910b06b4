import { join, resolve } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { sweepPage } from '../report/sweep/page.ts';
import type { SweepAnalysis } from './analysis/analysis.ts';
import { analyzeSweep } from './analysis/analyze-sweep.ts';
import { describeAnalysis } from './analysis/describe-analysis.ts';
import { readObservations, readSweep, type SweepProgress } from './read-sweep.ts';

/** What a sweep says. */
export interface SweepReport {
  readonly analysis: SweepAnalysis;
  /** The same in words and tables, line by line. */
  readonly lines: readonly string[];
  readonly progress: SweepProgress;
}

/**
 * The last step of a sweep: analyses the trials that are done, and writes analysis.json and report.html.
 * @throws {UserError} `file-not-found` where there is no sweep
 */
export async function reportSweep(sweep: string): Promise<SweepReport> {
  const folder = resolve(sweep);
  const progress = await readSweep(folder);
  const { metrics, margins, rows } = progress.plan;
  const { generationRatio } = rows;
  const analysis = analyzeSweep(await readObservations(folder, progress), { metrics, margins, generationRatio });
  await writeFileDurably(join(folder, 'analysis.json'), `${JSON.stringify(analysis, null, 2)}\n`);
  await writeFileDurably(join(folder, 'report.html'), sweepPage(progress, analysis));
  return { analysis, lines: describeAnalysis(analysis), progress };
}

import { join, resolve } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { sweepPage } from '../report/sweep/page.ts';
import type { SweepAnalysis } from './analysis/analysis.ts';
import { analyzeSweep } from './analysis/analyze-sweep.ts';
import { describeAnalysis } from './analysis/describe-analysis.ts';
import type { Setting, SweepPlan } from './plan.ts';
import { readObservations, readSweep, type SweepProgress } from './read-sweep.ts';
import { rateIn, tunedRates } from './tuned-rates.ts';

/** What a sweep says. */
export interface SweepReport {
  readonly analysis: SweepAnalysis;
  /** The same in words, line by line, with the tables of what says most. All of them are in report.html. */
  readonly lines: readonly string[];
  /** The options of training that are recommended, the learning rate that was found for the weight among them. */
  readonly recommended: Readonly<Record<string, Setting>> | null;
  readonly progress: SweepProgress;
}

/**
 * The last step of a sweep: analyses the trials that are done, and writes analysis.json and report.html.
 * @throws {UserError} `file-not-found` where there is no sweep
 * @example
 * ```ts
 * import { reportSweep } from '@counterweight/core';
 *
 * const { lines, recommended } = await reportSweep('sweeps/first');
 * console.log(lines.join('\n'), recommended?.promptLossWeight);
 * ```
 */
export async function reportSweep(sweep: string): Promise<SweepReport> {
  const folder = resolve(sweep);
  const progress = await readSweep(folder);
  const { metrics, margins, rows } = progress.plan;
  const { generationRatio } = rows;
  const analysis = analyzeSweep(await readObservations(folder, progress), { metrics, margins, generationRatio });
  await writeFileDurably(join(folder, 'analysis.json'), `${JSON.stringify(analysis, null, 2)}\n`);
  await writeFileDurably(join(folder, 'report.html'), sweepPage(progress, analysis));
  const tables = [...new Set([analysis.primary ?? '', ...TABLES])];
  const lines = describeAnalysis(analysis, { tables });
  return { analysis, lines, recommended: await recommendedSettings(folder, progress.plan, analysis), progress };
}

const TABLES = ['completionLoss', 'promptLoss', 'klBase', 'sensitivity'];

async function recommendedSettings(sweep: string, plan: SweepPlan, { recommended }: SweepAnalysis) {
  if (!recommended) return null;
  const { promptLossWeight, settings } = recommended;
  const point = { ...settings, promptLossWeight };
  if (!plan.tune) return point;
  return { ...point, learningRate: rateIn(await tunedRates(sweep, plan))(point) };
}

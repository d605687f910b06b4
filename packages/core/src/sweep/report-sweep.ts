import { join, resolve } from 'node:path';
import { writeFileDurably } from '../files/durable.ts';
import { formatCounted, formatNumber } from '../report/format.ts';
import { sweepPage } from '../report/sweep/page.ts';
import type { SweepAnalysis } from './analysis/analysis.ts';
import { type AnalysisOptions, analyzeSweep } from './analysis/analyze-sweep.ts';
import { describeAnalysis } from './analysis/describe-analysis.ts';
import type { Setting, SweepPlan } from './plan.ts';
import { readObservations, readSweep, type SweepProgress } from './read-sweep.ts';
import { rateIn, type TunedRate, tunedRates } from './tuned-rates.ts';

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
  const analysis = analyzeSweep(await readObservations(folder, progress), analysisOptions(progress.plan));
  await writeFileDurably(join(folder, 'analysis.json'), `${JSON.stringify(analysis, null, 2)}\n`);
  await writeFileDurably(join(folder, 'report.html'), sweepPage(progress, analysis));
  const tables = [...new Set([analysis.primary ?? '', ...TABLES])];
  const lines = [
    ...progressLines(progress),
    ...describeAnalysis(analysis, { tables }),
    ...rateLines(await ratesOf(folder, progress.plan), progress.plan),
  ];
  return { analysis, lines, recommended: await recommendedSettings(folder, progress.plan, analysis), progress };
}

function progressLines({ trials, done, failed }: SweepProgress): string[] {
  const missing = trials - done.length - failed.length;
  const words = [
    ...(missing > 0
      ? [`${formatCounted(missing, 'trial')} of ${trials} ${missing === 1 ? 'is' : 'are'} not done yet`]
      : []),
    ...(failed.length > 0 ? [`${formatCounted(failed.length, 'trial')} failed`] : []),
  ];
  return words.length === 0 ? [] : [`${words.join(', ')}: what follows is of the others.`, ''];
}

const ratesOf = async (sweep: string, plan: SweepPlan) => (plan.tune ? tunedRates(sweep, plan) : []);

/** The learning rates that were found; one at an end of what was tried may not be the best. */
function rateLines(rates: readonly TunedRate[], { tune = [] }: SweepPlan): string[] {
  const found = rates.filter((rate): rate is TunedRate & { learningRate: number } => rate.learningRate !== undefined);
  if (found.length === 0) return [];
  const ends = [Math.min(...tune), Math.max(...tune)];
  const lines = found.map(({ point, learningRate }) => {
    const at = Object.entries(point).map(([option, value]) => `${option} ${value}`);
    const end = ends.includes(learningRate) ? ', an end of what was tried: beyond it may be better' : '';
    return `    ${at.join(', ')}: ${formatNumber(learningRate)}${end}`;
  });
  return [
    '',
    `Learning rates, by the loss of answers on rows of their own (${tune.join(', ')} tried, one seed):`,
    ...lines,
  ];
}

/** How the trials of a plan are analysed. */
export function analysisOptions({
  metrics,
  margins,
  rows,
  axes,
}: Omit<SweepPlan, 'command' | 'inputs'>): AnalysisOptions {
  const { generationRatio } = rows;
  return { metrics, margins, generationRatio, weights: axes.promptLossWeight as readonly number[] };
}

const TABLES = ['completionLoss', 'promptLoss', 'klBase', 'sensitivity'];

async function recommendedSettings(sweep: string, plan: SweepPlan, { recommended }: SweepAnalysis) {
  if (!recommended) return null;
  const { promptLossWeight, settings } = recommended;
  const point = { ...settings, promptLossWeight };
  if (!plan.tune) return point;
  return { ...point, learningRate: rateIn(await tunedRates(sweep, plan))(point) };
}

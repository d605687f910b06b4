import type { StepMetrics } from '../../training/events.ts';
import type { Section } from '../document.ts';
import { formatBytes, formatNumber } from '../format.ts';
import { html } from '../html.ts';
import { type CurvePlot, curvePlot, type Series } from '../plot/curve-plot.ts';
import type { NamedRun } from './names.ts';

/** The curves of all runs over each other. */
export function comparedCurves(runs: readonly NamedRun[]): Section | null {
  if (runs.every(({ record }) => record.steps.length === 0)) return null;
  return {
    id: 'curves',
    title: 'Curves',
    note: 'Over optimizer steps, smoothed; dots are held-out rows.',
    body: html`<div class="charts">${plotsOf(runs).flatMap((plot) => curvePlot(plot) ?? [])}</div>`,
  };
}

function plotsOf(runs: readonly NamedRun[]): CurvePlot[] {
  const series = (of: (step: StepMetrics) => number | null, held?: 'completionLoss' | 'promptLoss'): Series[] =>
    runs.map(({ name, look, record }) => ({
      ...{ name, look },
      points: record.steps.map((step) => ({ step: step.step, value: of(step) })),
      ...(held && {
        evaluations: record.evaluations.map(({ step, evaluation }) => ({ step, value: evaluation[held] })),
      }),
    }));
  const loss = { caption: 'nats a token', look: '', scale: 'ratio', format: formatNumber } as const;
  const small = { look: 'small', scale: 'from-zero', format: formatNumber } as const;
  return [
    { ...loss, title: 'Completion loss', series: series((step) => step.completionLoss, 'completionLoss') },
    { ...loss, title: 'Prompt loss', series: series((step) => step.promptLoss, 'promptLoss') },
    {
      ...small,
      title: 'Learning rate',
      caption: 'of the step',
      exact: true,
      series: series((step) => step.learningRate),
    },
    {
      ...small,
      title: 'Gradient norm',
      caption: 'before clipping',
      scale: 'ratio',
      series: series((step) => step.gradientNorm),
    },
    { ...small, title: 'Speed', caption: 'tokens a second', series: series((step) => step.tokensPerSecond) },
    {
      ...{ ...small, title: 'Memory', caption: 'of the process', format: formatBytes },
      series: series((step) => step.residentBytes),
    },
  ];
}

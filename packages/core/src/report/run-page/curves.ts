import type { StepMetrics } from '../../training/events.ts';
import type { Section } from '../document.ts';
import { formatBytes, formatCount, formatNumber } from '../format.ts';
import { html } from '../html.ts';
import type { Point } from '../plot/curve.ts';
import { type CurvePlot, curvePlot, type Series } from '../plot/curve-plot.ts';
import type { RunRecord } from '../run-record.ts';

/** What happened step by step. */
export function curvesSection(record: RunRecord): Section | null {
  if (record.steps.length === 0) return null;
  const dots = record.evaluations.length > 0 ? ', dots are held-out rows' : '';
  return {
    id: 'curves',
    title: 'Curves',
    note: `Over optimizer steps; thin is every step, bold is smoothed${dots}.`,
    body: html`<div class="charts">${plotsOf(record).flatMap((plot) => curvePlot(plot) ?? [])}</div>`,
  };
}

/** What a step says of something. */
type OfStep = (step: StepMetrics) => number | null;

function plotsOf({ steps, evaluations, description }: RunRecord): CurvePlot[] {
  const along = (value: OfStep): Point[] => steps.map((step) => ({ step: step.step, value: value(step) }));
  const only = (value: OfStep, held?: 'completionLoss' | 'promptLoss'): [Series] => [
    {
      name: 'training',
      points: along(value),
      ...(held && { evaluations: evaluations.map(({ step, evaluation }) => ({ step, value: evaluation[held] })) }),
    },
  ];
  const clippedAt = description.training.maxGradientNorm;
  const skipped = steps.filter((step) => step.skipped).length;
  return [
    {
      ...{ title: 'Completion loss', caption: 'nats a token', look: 'completion' },
      series: only((step) => step.completionLoss, 'completionLoss'),
      ...{ scale: 'ratio', format: formatNumber },
    },
    {
      ...{ title: 'Prompt loss', caption: 'nats a token', look: 'prompt' },
      series: only((step) => step.promptLoss, 'promptLoss'),
      ...{ scale: 'ratio', format: formatNumber },
    },
    ...rolePlot(steps, along),
    {
      ...{ title: 'Learning rate', caption: 'of the step', look: 'small' },
      series: only((step) => step.learningRate),
      ...{ scale: 'from-zero', exact: true, format: formatNumber },
    },
    {
      title: 'Gradient norm',
      caption: [
        ...(typeof clippedAt === 'number' ? [`clipped at ${formatNumber(clippedAt)}`] : []),
        ...(skipped > 0 ? [`${formatCount(skipped)} steps skipped`] : []),
      ].join(', '),
      look: 'small',
      series: only((step) => step.gradientNorm),
      level: typeof clippedAt === 'number' ? clippedAt : undefined,
      ...{ scale: 'ratio', format: formatNumber },
    },
    {
      ...{ title: 'Speed', caption: 'tokens a second', look: 'small' },
      series: only((step) => step.tokensPerSecond),
      ...{ scale: 'from-zero', format: formatNumber },
    },
    {
      ...{ title: 'Memory', caption: 'of the process', look: 'small' },
      series: only((step) => step.residentBytes),
      ...{ scale: 'from-zero', exact: true, format: formatBytes },
    },
  ];
}

/** The losses of roles, where a prompt has several: else they are those of prompt and completion. */
function rolePlot(steps: readonly StepMetrics[], along: (value: OfStep) => Point[]): CurvePlot[] {
  const names = new Set<string>();
  for (const { roleLosses } of steps) for (const role in roleLosses) names.add(role);
  const roles = [...names] as (keyof StepMetrics['roleLosses'])[];
  if (roles.filter((role) => role !== 'assistant').length < 2) return [];
  return [
    {
      ...{ title: 'Loss by role', caption: 'nats a token, smoothed', look: 'small roles' },
      series: roles.map((role) => ({
        name: role,
        look: `role-${role}`,
        points: along((step) => step.roleLosses[role] ?? null),
      })),
      ...{ scale: 'ratio', format: formatNumber },
    },
  ];
}

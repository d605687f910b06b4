import type { StepMetrics } from '../training/events.ts';
import type { Point } from './curve.ts';
import { formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { type LineChart, lineChart } from './line-chart.ts';
import type { LoggedEvaluation, RunRecord } from './run-record.ts';

/** What happened step by step. */
export function curvesSection(record: RunRecord): Html | [] {
  if (record.steps.length === 0) return [];
  const charts = chartsOf(record);
  const dots = record.evaluations.length > 0 ? ', dots are held-out rows' : '';
  return html`<section>
<h2>Curves</h2>
<p class="note">Over optimizer steps; thin is every step, bold is smoothed${dots}.</p>
<div class="charts">
${charts.flatMap((chart) => lineChart(chart) ?? [])}
</div>
</section>`;
}

function chartsOf({ steps, evaluations, description }: RunRecord): LineChart[] {
  const along = (value: (step: StepMetrics) => number | null): Point[] =>
    steps.map((step) => ({ step: step.step, value: value(step) }));
  const held = (value: (evaluation: LoggedEvaluation) => number | null): Point[] =>
    evaluations.map((evaluation) => ({ step: evaluation.step, value: value(evaluation) }));
  const clippedAt = description.training.maxGradientNorm;
  return [
    {
      title: 'Completion loss',
      caption: 'nats a token',
      look: 'completion',
      points: along((step) => step.completionLoss),
      evaluations: held((evaluation) => evaluation.completionLoss),
      scale: 'ratio',
      format: formatNumber,
    },
    {
      title: 'Prompt loss',
      caption: 'nats a token',
      look: 'prompt',
      points: along((step) => step.promptLoss),
      evaluations: held((evaluation) => evaluation.promptLoss),
      scale: 'ratio',
      format: formatNumber,
    },
    {
      title: 'Learning rate',
      caption: '',
      look: 'small',
      points: along((step) => step.learningRate),
      scale: 'from-zero',
      exact: true,
      format: formatNumber,
    },
    {
      title: 'Gradient norm',
      caption: typeof clippedAt === 'number' ? `clipped at ${formatNumber(clippedAt)}` : '',
      look: 'small',
      points: along((step) => step.gradientNorm),
      level: typeof clippedAt === 'number' ? clippedAt : undefined,
      scale: 'ratio',
      format: formatNumber,
    },
    {
      title: 'Speed',
      caption: 'tokens a second',
      look: 'small',
      points: along((step) => step.tokensPerSecond),
      scale: 'from-zero',
      format: formatNumber,
    },
  ];
}

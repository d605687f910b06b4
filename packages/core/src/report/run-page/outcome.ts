import type { Evaluation } from '../../evaluation/evaluation.ts';
import type { MetricDescription } from '../../run/describe-recipe.ts';
import type { Section } from '../document.ts';
import { measurementsOf, whenOf } from '../evidence/measurements.ts';
import { differenceOf, type Estimate, estimateOf, type Measurement } from '../evidence/metric-evidence.ts';
import { headlinesOf, metricsOfRun } from '../evidence/metrics-of-run.ts';
import { DIRECTIONS, verdictOf } from '../evidence/verdict.ts';
import { formatCount, formatCounted, formatDifference, formatLoss, formatMetric } from '../format.ts';
import { type Html, html } from '../html.ts';
import { intervalTable } from '../plot/interval-table.ts';
import type { RunRecord } from '../run-record.ts';
import { inWords } from '../text.ts';

/** What came of it: the recipe's metrics, and the losses. */
export function outcomeSection(record: RunRecord): Section {
  const measured = measurementsOf(record);
  const { before, after } = measured;
  if (!after) return { id: 'outcome', title: 'Outcome', ...trainingLosses(record) };
  const headlines = headlinesOf(record);
  const metrics = metricsOfRun(record);
  const first = !before ? ' Nothing was measured before training (--evaluate-at-start false).' : '';
  const intervals = metrics.length > 0 ? ' Small print is what the choice of rows leaves open, at 95\u00a0%.' : '';
  return {
    id: 'outcome',
    title: 'Outcome',
    note: `On ${formatCounted(after.evaluation.rows, 'held-out row')}, after step ${formatCount(after.step)}.${intervals}${first}`,
    body: html`${headlines.length > 0 ? html`<div class="headlines">${headlines.map((metric) => headline(metric, record))}</div>` : []}
${metrics.length > 0 ? metricTable(metrics, record) : []}
${notesOn(after.evaluation)}
${lossTable(before, after)}
${metrics.length > 0 ? definitions(metrics, record) : []}`,
  };
}

/** One number large, and beside each other what it is to be compared with. */
function headline(metric: MetricDescription, record: RunRecord): Html {
  const { before, after } = measurementsOf(record);
  const estimate = after && estimateOf(metric.name, after);
  if (!estimate || !after) return html``;
  const difference = before ? differenceOf(metric.name, before, after) : null;
  const was = before ? estimateOf(metric.name, before) : null;
  const { baseline } = record.description;
  const baselineValue = baseline?.metrics[metric.name];
  const lines = [
    ...(before && was ? [{ name: whenOf(before), ...was, look: 'before' }] : []),
    { name: before?.step === 0 || !before ? 'after' : whenOf(after), ...estimate, look: 'after' },
    ...(baseline && baselineValue !== undefined
      ? [
          {
            name: html`baseline<small>${baseline.name}</small>`,
            value: baselineValue,
            interval: null,
            look: 'baseline',
          },
        ]
      : []),
  ];
  return html`<article class="headline">
<h3>${inWords(metric.name)} <small>${DIRECTIONS[metric.direction]}</small></h3>
<p class="large">${formatMetric(estimate.value)}${difference ? html` ${change(metric, difference)}` : []}</p>
${intervalTable({ caption: `${inWords(metric.name)}, with 95 % intervals`, lines, format: formatMetric })}
</article>`;
}

const SIGNS = { better: '▲', worse: '▼', changed: '◆', open: '' } as const;
const MEANINGS = { better: 'better', worse: 'worse', changed: 'changed', open: 'may be chance' } as const;

/** How much it changed, whether that is good, and whether it is more than chance of rows: never by colour alone. */
function change(metric: MetricDescription, difference: Estimate): Html {
  const verdict = verdictOf(metric, difference);
  return html`<span class="change ${verdict}">${formatDifference(difference.value)} <small>${SIGNS[verdict]} ${MEANINGS[verdict]}</small></span>`;
}

const withInterval = (estimate: Estimate | null, format: (value: number) => string): Html =>
  estimate === null
    ? html`–`
    : html`${format(estimate.value)}${estimate.interval ? html`<small>${format(estimate.interval[0])} to ${format(estimate.interval[1])}</small>` : []}`;

function metricTable(metrics: readonly MetricDescription[], record: RunRecord): Html {
  const { before, after } = measurementsOf(record);
  const { baseline } = record.description;
  const cell = (content: Html | string) => html`<td class="number">${content}</td>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table of the recipe's metrics"><table class="metrics">
<thead><tr><th scope="col">metric</th>${before ? html`<th scope="col" class="number">${whenOf(before)}</th>` : []}<th scope="col" class="number">after</th>${
    before ? html`<th scope="col" class="number">change</th>` : []
  }${baseline ? html`<th scope="col" class="number">baseline</th>` : []}</tr></thead><tbody>${metrics.map((metric) => {
    const difference = before && after ? differenceOf(metric.name, before, after) : null;
    const verdict = verdictOf(metric, difference);
    const known = baseline?.metrics[metric.name];
    return html`<tr><th scope="row">${inWords(metric.name)}<small>${DIRECTIONS[metric.direction]}</small></th>${
      before ? cell(withInterval(estimateOf(metric.name, before), formatMetric)) : []
    }${cell(withInterval(after ? estimateOf(metric.name, after) : null, formatMetric))}${
      before
        ? html`<td class="number ${verdict}">${withInterval(difference, formatDifference)}<small>${SIGNS[verdict]} ${MEANINGS[verdict]}</small></td>`
        : []
    }${baseline ? cell(known === undefined ? '–' : formatMetric(known)) : []}</tr>`;
  })}</tbody></table></div>`;
}

function definitions(metrics: readonly MetricDescription[], { description: { baseline } }: RunRecord): Html | [] {
  const defined = metrics.filter(({ definition }) => definition !== '');
  if (defined.length === 0) return [];
  return html`<details><summary>How these are defined</summary><dl class="definitions">${defined.map(
    ({ name, definition, direction }) =>
      html`<dt>${inWords(name)} <code>${name}</code></dt><dd>${definition} ${DIRECTIONS[direction]}.</dd>`,
  )}${baseline ? html`<dt>baseline</dt><dd>What the same metrics say of answers without a model: ${baseline.name}, after the rows that are trained on.</dd>` : []}<dt>intervals</dt><dd>Bootstrap over the held-out rows, 2,000 samples, as wide as Student’s t wants it; of a change over the changes of the same rows. Metrics of a whole corpus are resampled by 25 groups of rows. They say nothing of other seeds.</dd></dl></details>`;
}

function lossTable(before: Measurement | undefined, { evaluation }: Measurement): Html {
  const losses = [
    ['completion loss', 'completionLoss', formatLoss, 'nats a token'],
    ['perplexity', 'perplexity', formatMetric, 'e to that loss'],
    ['prompt loss', 'promptLoss', formatLoss, 'nats a token'],
    ['weighted loss', 'loss', formatLoss, 'what is minimised'],
  ] as const;
  const shown = losses.filter(([, name]) => evaluation[name] !== null);
  return html`<dl class="tiles">${shown.map(([label, name, format, unit]) => {
    const was = before?.evaluation[name] ?? null;
    const from = was === null || !before ? [] : html`<small>${whenOf(before)}: ${format(was)}</small>`;
    return html`<div><dt>${label}</dt><dd>${format(evaluation[name] as number)}<small>${unit}</small>${from}</dd></div>`;
  })}</dl>`;
}

/** What a reader of the numbers has to know. */
function notesOn({ outputs = 0, cutOutputs = 0, failedMetrics = {} }: Evaluation): Html[] {
  const cut =
    cutOutputs > 0
      ? [
          html`<p class="note${cutOutputs > outputs / 2 ? ' warning' : ''}">${formatCount(cutOutputs)} of ${formatCounted(outputs, 'output')} were cut at the limit of tokens: metrics saw the beginnings of these only.</p>`,
        ]
      : [];
  const failed = Object.entries(failedMetrics).map(
    ([name, message]) => html`<p class="note warning">${inWords(name)} could not be measured: ${message}</p>`,
  );
  return [...cut, ...failed];
}

function trainingLosses({ steps }: RunRecord): Pick<Section, 'note' | 'body'> {
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return { note: 'No step was made.', body: html`` };
  const tile = (label: string, value: number | null, before: number | null) =>
    value === null
      ? []
      : html`<div><dt>${label}</dt><dd>${formatLoss(value)}${first === last || before === null ? [] : html`<small>from ${formatLoss(before)}</small>`}</dd></div>`;
  const since = first === last ? '' : '; in small print, those of the first step';
  return {
    note: `There were no held-out rows. These are the training losses of step ${formatCount(last.step)}, in nats a token${since}. Whether the model answers rows better that it has not seen, --eval-split 0.1 shows.`,
    body: html`<dl class="tiles">${tile('completion loss', last.completionLoss, first.completionLoss)}${tile('prompt loss', last.promptLoss, first.promptLoss)}${tile('weighted loss', last.loss, first.loss)}</dl>`,
  };
}

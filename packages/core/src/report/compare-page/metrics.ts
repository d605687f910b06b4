import type { MetricDescription } from '../../run/describe-recipe.ts';
import type { Section } from '../document.ts';
import { measurementsOf } from '../evidence/measurements.ts';
import { type Estimate, estimateOf } from '../evidence/metric-evidence.ts';
import { metricsOfRun } from '../evidence/metrics-of-run.ts';
import { DIRECTIONS } from '../evidence/verdict.ts';
import { formatLoss, formatMetric } from '../format.ts';
import { type Html, html } from '../html.ts';
import { inWords } from '../text.ts';
import type { NamedRun } from './names.ts';
import { heads } from './options.ts';

/** Each metric of any of the runs, once. */
export function metricsOfAll(runs: readonly NamedRun[]): MetricDescription[] {
  const all = runs.flatMap(({ record }) => metricsOfRun(record));
  const byName = new Map(all.map((metric) => [metric.name, metric]));
  return [...byName.values()];
}

const FORGOTTEN = { neutralLoss: 'loss on neutral text', klBase: 'KL from the base' } as const;

/** What came of each, in one table. */
export function comparedMetrics(runs: readonly NamedRun[]): Section | null {
  const measured = runs.map(({ record }) => measurementsOf(record).after);
  if (measured.every((one) => one === undefined)) return null;
  const number = ({ value, interval }: Estimate, format: (value: number) => string): Html =>
    html`${format(value)}${interval ? html`<small>${format(interval[0])} to ${format(interval[1])}</small>` : []}`;
  const metrics = metricsOfAll(runs).map(
    ({ name, direction }) =>
      html`<tr><th scope="row">${inWords(name)}<small>${DIRECTIONS[direction]}</small></th>${measured.map((one) => {
        const estimate = one ? estimateOf(name, one) : null;
        return html`<td class="number">${estimate ? number(estimate, formatMetric) : '–'}</td>`;
      })}</tr>`,
  );
  const loss = (label: string, of: 'completionLoss' | 'promptLoss') =>
    html`<tr><th scope="row">${label}<small>nats a token, lower is better</small></th>${measured.map(
      (one) => html`<td class="number">${formatLoss(one?.evaluation[of])}</td>`,
    )}</tr>`;
  const forgotten = runs.some(({ record }) => record.forgetting)
    ? (['neutralLoss', 'klBase'] as const).map(
        (of) =>
          html`<tr><th scope="row">${FORGOTTEN[of]}<small>nats a token, lower is better</small></th>${runs.map(
            ({ record }) => html`<td class="number">${formatLoss(record.forgetting?.[of])}</td>`,
          )}</tr>`,
      )
    : [];
  return {
    id: 'metrics',
    title: 'Metrics',
    note: 'Of each result on its held-out rows. Small print is what the choice of rows leaves open, at 95\u00a0%; whether two runs differ is below, row by row.',
    body: html`<div class="scroll" tabindex="0" role="group" aria-label="Table of metrics by run"><table class="compared metrics"><thead><tr><th scope="col">metric</th>${heads(runs)}</tr></thead><tbody>${metrics}${loss('completion loss', 'completionLoss')}${loss('prompt loss', 'promptLoss')}${forgotten}</tbody></table></div>`,
  };
}

import type { MetricDescription } from '../../run/describe-recipe.ts';
import type { Section } from '../document.ts';
import { measurementsOf } from '../evidence/measurements.ts';
import { differenceOf } from '../evidence/metric-evidence.ts';
import { DIRECTIONS, verdictOf } from '../evidence/verdict.ts';
import { formatDifference } from '../format.ts';
import { type Html, html } from '../html.ts';
import { intervalTable } from '../plot/interval-table.ts';
import { inWords, named } from '../text.ts';
import { metricsOfAll } from './metrics.ts';
import type { NamedRun } from './names.ts';

const MEANINGS = { better: '▲ better', worse: '▼ worse', changed: '◆ different', open: 'may be chance' } as const;

/** How much every other run differs from the first, over the same rows. */
export function differencesSection(runs: readonly NamedRun[]): Section | null {
  const [first, ...others] = runs;
  if (!first || others.length === 0) return null;
  const tables = metricsOfAll(runs).flatMap((metric) => tableOf(metric, first, others));
  if (tables.length === 0) return null;
  return {
    id: 'differences',
    title: 'Differences',
    note: html`From ${named(first.name)}, over the rows that both were measured on, with paired bootstrap intervals at 95\u00a0%. They say what other rows might have shown, not what other seeds might.`,
    body: html`<div class="headlines">${tables}</div>`,
  };
}

function tableOf(metric: MetricDescription, first: NamedRun, others: readonly NamedRun[]): Html[] {
  const from = measurementsOf(first.record).after;
  const lines = others.flatMap(({ name, look, record }) => {
    const to = measurementsOf(record).after;
    const difference = from && to ? differenceOf(metric.name, from, to) : null;
    if (!difference) return [];
    const note = MEANINGS[verdictOf(metric, difference)];
    return [{ name: named(name), look, ...difference, note }];
  });
  if (lines.length === 0) return [];
  const caption = `${inWords(metric.name)}: difference from ${first.name}, with 95 % intervals`;
  return [
    html`<article class="headline"><h3>${inWords(metric.name)} <small>${DIRECTIONS[metric.direction]}</small></h3>${intervalTable({ caption, lines, zero: 0, format: formatDifference })}</article>`,
  ];
}

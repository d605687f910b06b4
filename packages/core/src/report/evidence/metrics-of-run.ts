import type { MetricDescription } from '../../run/describe-recipe.ts';
import type { RunRecord } from '../run-record.ts';
import { measurementsOf } from './measurements.ts';

/** The metrics that were measured, those first that are to be looked at first. */
export function metricsOfRun(record: Pick<RunRecord, 'description' | 'evaluations' | 'result'>): MetricDescription[] {
  const { before, after } = measurementsOf(record);
  const measured = new Set([before, after].flatMap((one) => Object.keys(one?.evaluation.metrics ?? {})));
  const described = new Map((record.description.recipe.metrics ?? []).map((metric) => [metric.name, metric]));
  // A run from before run.json had them.
  const unknown = (name: string): MetricDescription => ({ name, direction: 'descriptive', definition: '' });
  const order = [...described.keys(), ...measured];
  const metrics = [...new Set(order)]
    .filter((name) => measured.has(name))
    .map((name) => described.get(name) ?? unknown(name));
  return [...metrics.filter(({ headline }) => headline), ...metrics.filter(({ headline }) => !headline)];
}

/** A page leads with so many metrics at most: of a mixture every recipe has its own. */
const HEADLINES = 3;

export const headlinesOf = (record: Parameters<typeof metricsOfRun>[0]): MetricDescription[] =>
  metricsOfRun(record)
    .filter(({ headline }) => headline)
    .slice(0, HEADLINES);

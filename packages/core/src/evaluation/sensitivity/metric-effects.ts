import { createRandom, shuffled } from '../../random.ts';
import type { Metric, Prediction } from '../../recipe/recipe.ts';
import type { Interval } from '../../recipe/resample.ts';
import { bootstrapInterval } from '../interval.ts';
import { type Measured, measureMetrics } from '../measure-metrics.ts';
import type { MetricEffect } from './sensitivity.ts';

/** Answers to the rows' own prompts, and to the same rows asked otherwise, row by row. */
export interface AnswerPairs<Row> {
  readonly before: readonly Prediction<Row>[];
  readonly after: readonly Prediction<Row>[];
}

export interface EffectOptions {
  /** Decides the samples of intervals. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Effects {
  readonly metrics: Readonly<Record<string, MetricEffect>>;
  /** Of the answers after, as `measureMetrics` gives them. */
  readonly scores: Measured['scores'];
}

/** What every metric that could be measured both times says before and after. */
export async function metricEffects<Row>(
  metrics: readonly Metric<Row>[],
  pairs: AnswerPairs<Row>,
  { seed, signal }: EffectOptions,
): Promise<Effects> {
  const [before, after] = [
    await measureMetrics(metrics, pairs.before, { signal }),
    await measureMetrics(metrics, pairs.after, { signal }),
  ];
  const effects: Record<string, MetricEffect> = {};
  for (const metric of metrics) {
    const [was, is] = [before.metrics[metric.name], after.metrics[metric.name]];
    if (was === undefined || is === undefined) continue;
    const difference = is - was;
    const values =
      rowDifferences(metric.name, before, after, difference) ??
      (await groupDifferences(metric, pairs, { is, difference, seed, signal }));
    signal?.throwIfAborted();
    effects[metric.name] = { before: was, after: is, difference, interval: intervalOf(values, seed) };
  }
  return { metrics: effects, scores: after.scores };
}

const intervalOf = (values: readonly number[], seed: number): Interval | null =>
  values.length < 2 ? null : bootstrapInterval(values, seed);

/** Of a metric that is a mean of scores, the differences that the difference is the mean of; undefined of any other. */
function rowDifferences(
  name: string,
  before: Measured,
  after: Measured,
  difference: number,
): readonly number[] | undefined {
  const differences = before.scores.map(
    (scores, i) => (after.scores[i]?.[name] ?? Number.NaN) - (scores[name] ?? Number.NaN),
  );
  const finite = differences.filter(Number.isFinite);
  const isScored = before.scores.every((scores, i) => name in scores === name in (after.scores[i] ?? {}));
  const mean = finite.reduce((sum, one) => sum + one, 0) / finite.length;
  return isScored && Math.abs(mean - difference) <= 1e-9 * Math.max(1, Math.abs(difference)) ? finite : undefined;
}

/** Enough for an interval, few enough for metrics that take long. */
const GROUPS = 25;
const GROUP_STREAM = 0x6209;

/**
 * Of a metric of a whole corpus (BLEU, macro F1): what each group of rows adds to the difference, times the number of
 * groups. The group's part is what the difference is less without its changes, with all other rows as they are: leaving
 * the rows out would change what they are measured by (the labels that occur). For a mean that is the mean difference in
 * the group, so that resampling groups is resampling rows by the handful, at the price of one scoring for each.
 */
async function groupDifferences<Row>(
  metric: Metric<Row>,
  { before, after }: AnswerPairs<Row>,
  { is, difference, seed, signal }: EffectOptions & { readonly is: number; readonly difference: number },
): Promise<number[]> {
  const groups = Math.min(GROUPS, before.length);
  // At random: rows may stand in an order that says something.
  const order = shuffled([...before.keys()], createRandom(seed, GROUP_STREAM));
  const groupOf = new Map(order.map((row, place) => [row, place % groups]));
  const parts: number[] = [];
  for (let group = 0; group < groups; group++) {
    const others = after.map((prediction, i) =>
      groupOf.get(i) === group ? (before[i] as typeof prediction) : prediction,
    );
    const { metrics } = await measureMetrics([withoutScores(metric)], others, { signal });
    parts.push(groups * (is - (metrics[metric.name] ?? Number.NaN)));
  }
  const finite = parts.filter(Number.isFinite);
  const mean = finite.reduce((sum, part) => sum + part, 0) / finite.length;
  // What groups add apart is not all that they add together: the interval is about the difference itself.
  return finite.map((part) => part - mean + difference);
}

/** Only the number over all is asked for. */
function withoutScores<Row>({ perRow: _, aggregation: __, ...metric }: Metric<Row>): Metric<Row> {
  return metric;
}

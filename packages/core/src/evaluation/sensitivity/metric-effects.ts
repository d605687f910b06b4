import { createRandom, shuffled } from '../../random.ts';
import type { Metric, Prediction } from '../../recipe/recipe.ts';
import { type Measured, measureMetrics } from '../measure-metrics.ts';
import { bootstrapInterval } from './interval.ts';
import type { Interval, MetricEffect } from './sensitivity.ts';

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
      rowDifferences(metric.name, before, after, difference) ?? (await pseudoValues(metric, pairs, { seed, signal }));
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
 * Of a metric of a whole corpus (BLEU, macro F1): how it differs without each of the groups of rows, turned into values
 * whose mean is the difference but for its bias, and that vary as groups of rows do (the jackknife's pseudo-values, Tukey
 * 1958). Resampling them costs no further scoring.
 */
async function pseudoValues<Row>(
  metric: Metric<Row>,
  { before, after }: AnswerPairs<Row>,
  { seed, signal }: EffectOptions,
): Promise<number[]> {
  const groups = Math.min(GROUPS, before.length);
  // At random: rows may stand in an order that says something.
  const order = shuffled([...before.keys()], createRandom(seed, GROUP_STREAM));
  const groupOf = new Map(order.map((row, place) => [row, place % groups]));
  const differenceOf = async (isIn: (row: number) => boolean): Promise<number> => {
    const measured = await Promise.all(
      [before, after].map((all) =>
        measureMetrics(
          [withoutScores(metric)],
          all.filter((_, i) => isIn(i)),
          { signal },
        ),
      ),
    );
    const [was, is] = measured.map(({ metrics }) => metrics[metric.name] ?? Number.NaN) as [number, number];
    return is - was;
  };
  const whole = await differenceOf(() => true);
  const values: number[] = [];
  for (let group = 0; group < groups; group++) {
    values.push(groups * whole - (groups - 1) * (await differenceOf((i) => groupOf.get(i) !== group)));
  }
  return values.filter(Number.isFinite);
}

/** Only the number over all is asked for. */
function withoutScores<Row>({ perRow: _, aggregation: __, ...metric }: Metric<Row>): Metric<Row> {
  return metric;
}

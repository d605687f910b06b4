import { breather, orAbort, turnOfEventLoop } from '../abort.ts';
import { meanOfScores } from '../recipe/metric.ts';
import type { Metric, Prediction } from '../recipe/recipe.ts';

/** What metrics say of predictions. */
export interface Measured {
  /** The number of each metric, by name; left out where there was nothing to measure. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Of each prediction, the score of every metric that scores outputs and found something to measure in it. */
  readonly scores: readonly Readonly<Record<string, number>>[];
  /** What metrics threw that could not be measured, by name. */
  readonly failed: Readonly<Record<string, unknown>>;
}

export interface MeasureOptions {
  /** How many of a metric's units are done: programs run, or all of them at the end. */
  readonly onProgress?: ((metric: string, done: number, of: number) => void) | undefined;
  /** Heard between the scores of two outputs, and while a metric waits for something, its own progress among it. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws whatever a metric throws that could not measure outputs here */
export async function assertMeasurable<Row>(metrics: readonly Metric<Row>[]): Promise<void> {
  for (const metric of metrics) await metric.ready?.();
}

/**
 * Every metric over all predictions, and output by output. A metric that throws costs its own number only.
 * @throws the reason of the signal once it is aborted
 */
export async function measureMetrics<Row>(
  metrics: readonly Metric<Row>[],
  predictions: readonly Prediction<Row>[],
  options: MeasureOptions = {},
): Promise<Measured> {
  const measured: Record<string, number> = {};
  const failed: Record<string, unknown> = {};
  const scores = predictions.map((): Record<string, number> => ({}));
  for (const metric of predictions.length === 0 ? [] : metrics) {
    try {
      const { value, perRow } = await measureOne(metric, predictions, options);
      if (!Number.isNaN(value)) measured[metric.name] = value;
      for (const [i, score] of perRow.entries()) if (!Number.isNaN(score)) scores[i]![metric.name] = score;
    } catch (error) {
      options.signal?.throwIfAborted();
      failed[metric.name] = error;
    }
  }
  return { metrics: measured, scores, failed };
}

async function measureOne<Row>(
  metric: Metric<Row>,
  predictions: readonly Prediction<Row>[],
  { onProgress, signal }: MeasureOptions,
): Promise<{ value: number; perRow: readonly number[] }> {
  await turnOfEventLoop();
  signal?.throwIfAborted();
  // It is not told to the metric that it is left: the metric may be in the midst of what nobody waits for.
  const breathe = breather(undefined);
  const report = (done: number, of: number) => {
    onProgress?.(metric.name, done, of);
    return breathe();
  };
  const overall = async () => asNumber(await orAbort(Promise.resolve(metric.compute(predictions, report)), signal));
  const isMean = metric.aggregation === 'mean' && metric.perRow !== undefined;
  const value = isMean ? undefined : await overall();
  const perRow = await scoreEach(metric, predictions, signal);
  return { value: value ?? meanOfScores(perRow), perRow };
}

/** Recipes may be written in JavaScript. */
function asNumber(score: unknown): number {
  if (typeof score === 'number') return score;
  throw new TypeError(`a score is to be a number, and is ${JSON.stringify(score)}`);
}

async function scoreEach<Row>(
  metric: Metric<Row>,
  predictions: readonly Prediction<Row>[],
  signal: AbortSignal | undefined,
): Promise<number[]> {
  if (!metric.perRow) return [];
  const scores: number[] = [];
  const breathe = breather(signal);
  for (const prediction of predictions) {
    const given = metric.perRow(prediction);
    scores.push(typeof given === 'number' ? given : asNumber(await orAbort(Promise.resolve(given), signal)));
    await breathe();
  }
  return scores;
}

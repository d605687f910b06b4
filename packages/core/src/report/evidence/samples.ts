import type { PredictionRecord } from '../../evaluation/predictions.ts';
import type { MetricDescription } from '../../run/describe-recipe.ts';
import type { Measurement } from './metric-evidence.ts';

/** A held-out row, and what the model wrote for it before and after. */
export interface Sample {
  readonly before: PredictionRecord | undefined;
  readonly after: PredictionRecord;
  /** By the metric that rows are compared by; null where it found nothing to measure. */
  readonly score: number | null;
  readonly scoreBefore: number | null;
  /** How much better the row is answered, above 0, or worse. */
  readonly gain: number | null;
}

export interface ComparedSamples {
  /** What rows are compared by; undefined where no metric scores single outputs: then equal answers count. */
  readonly metric: MetricDescription | undefined;
  /** The most first; empty without outputs from before. */
  readonly better: readonly Sample[];
  readonly worse: readonly Sample[];
  /** Neither; the worst answers first. */
  readonly others: readonly Sample[];
}

/** The rows of an evaluation beside those of an earlier one, by how much better they are answered. Of several outputs of a row the first counts. */
export function compareSamples(
  metrics: readonly MetricDescription[],
  { before, after }: { readonly before: Measurement | undefined; readonly after: Measurement },
): ComparedSamples {
  const metric = metrics.find(
    ({ name, direction }) => direction !== 'descriptive' && after.predictions.some(({ scores }) => name in scores),
  );
  const was = firstOutputs(before?.predictions ?? []);
  const samples = [...firstOutputs(after.predictions)].map(([row, own]) => sampleOf(metric, was.get(row), own));
  const byGain = (sign: number) => (a: Sample, b: Sample) => sign * ((b.gain ?? 0) - (a.gain ?? 0));
  const sign = metric?.direction === 'lower-is-better' ? -1 : 1;
  const worstFirst = (a: Sample, b: Sample) =>
    sign * ((a.score ?? Number.POSITIVE_INFINITY) - (b.score ?? Number.POSITIVE_INFINITY));
  return {
    metric,
    better: samples.filter(({ gain }) => (gain ?? 0) > 0).sort(byGain(1)),
    worse: samples.filter(({ gain }) => (gain ?? 0) < 0).sort(byGain(-1)),
    others: samples.filter(({ gain }) => !gain).sort(worstFirst),
  };
}

function firstOutputs(predictions: readonly PredictionRecord[]): Map<number, PredictionRecord> {
  const first = new Map<number, PredictionRecord>();
  for (const prediction of predictions) if (!first.has(prediction.row)) first.set(prediction.row, prediction);
  return first;
}

function sampleOf(
  metric: MetricDescription | undefined,
  before: PredictionRecord | undefined,
  after: PredictionRecord,
): Sample {
  const scoreOf = (one: PredictionRecord) => {
    if (metric) return one.scores[metric.name] ?? null;
    return one.reference === '' ? null : Number(one.output.trim() === one.reference.trim());
  };
  const [score, scoreBefore] = [scoreOf(after), before ? scoreOf(before) : null];
  const sign = metric?.direction === 'lower-is-better' ? -1 : 1;
  const gain = score === null || scoreBefore === null ? null : sign * (score - scoreBefore);
  return { before, after, score, scoreBefore, gain };
}

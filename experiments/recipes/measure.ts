import { type AnyRecipe, createRandom, type Metric, percentileInterval, resample } from '@counterweight/core';
import { shareInterval } from '../../packages/core/src/evaluation/interval.ts';
import { wideningOf } from '../../packages/core/src/sweep/analysis/student.ts';

/** Of a metric: its value over all rows, a mean over seeds, and the bootstrap's samples over rows. */
export interface Sampled {
  readonly value: number;
  readonly samples: Float64Array;
  /** Whether every score lies between 0 and 1, and so their mean does. */
  readonly isShare?: boolean;
  /** Where no row is unlike another, so that no sample is. */
  readonly exact?: readonly [number, number];
}

export type SampledMetrics = Readonly<Record<string, Sampled>>;

/** A number with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** Draws of rows: of metrics that are means, and of those of a whole corpus, which are computed anew for each. */
const [MEAN_SAMPLES, CORPUS_SAMPLES] = [2000, 200];

/** Means of their scores though they don't say so. To run programs for every draw would take hours. */
const MEANS_TOO = ['passAt1', 'compileRate'];

/**
 * The recipe's own metrics of outputs, with bootstrap samples over rows. All systems that answer the same rows get the same
 * draws, so that sample less sample is a sample of their difference.
 * @param outputs by seed, an output a row
 */
export async function measure(
  { metrics }: AnyRecipe,
  rows: readonly object[],
  outputs: readonly (readonly string[])[],
): Promise<SampledMetrics> {
  const predictions = outputs.map((own) => own.map((text, i) => ({ row: rows[i] as object, text })));
  const isMean = ({ name, aggregation, perRow }: Metric<object>) =>
    perRow !== undefined && (aggregation === 'mean' || MEANS_TOO.includes(name));
  const measured: Record<string, Sampled> = {};
  for (const metric of metrics as readonly Metric<object>[]) {
    const values = [];
    for (const own of predictions) values.push(await metric.compute(own));
    if (!values.every(Number.isFinite)) continue;
    const value = mean(values);
    measured[metric.name] = isMean(metric)
      ? await meanSamples(metric, predictions, value)
      : { value, samples: widened(await corpusSamples(metric, predictions), value, rows.length) };
  }
  return measured;
}

async function meanSamples(
  metric: Metric<object>,
  predictions: readonly Predictions[],
  value: number,
): Promise<Sampled> {
  const scores = await Promise.all(
    predictions.map((own) => Promise.all(own.map((prediction) => metric.perRow?.(prediction) ?? Number.NaN))),
  );
  const samples = new Float64Array(MEAN_SAMPLES);
  const known = (values: readonly number[]) => values.filter((one) => !Number.isNaN(one));
  draw(predictions, MEAN_SAMPLES, (drawn, sample) => {
    samples[sample] = mean(scores.map((own) => mean(known(Array.from(drawn, (row) => own[row] as number)))));
  });
  const items = known(scores[0] ?? []).length;
  const exact = [0, 1].includes(value) ? shareInterval(new Array(items).fill(value), 0) : null;
  const isShare = scores.flat().every((score) => !(score < 0 || score > 1));
  return { value, samples: widened(samples, value, items), isShare, ...(exact && { exact }) };
}

/** As wide as Student's t wants it for so few rows. */
const widened = (samples: Float64Array, value: number, items: number): Float64Array => {
  const widening = items > 1 ? wideningOf(items) : 1;
  return samples.map((sample) => value + widening * (sample - value));
};

async function corpusSamples(metric: Metric<object>, predictions: readonly Predictions[]): Promise<Float64Array> {
  const draws: number[][] = [];
  draw(predictions, CORPUS_SAMPLES, (drawn) => draws.push([...drawn]));
  const samples = new Float64Array(CORPUS_SAMPLES);
  for (const [sample, drawn] of draws.entries()) {
    const values = [];
    for (const own of predictions) values.push(await metric.compute(drawn.map((row) => again(own[row]!))));
    samples[sample] = mean(values);
  }
  return samples;
}

type Predictions = readonly { readonly row: object; readonly text: string }[];

/** Two outputs of the very same row would count as one row: drawn twice, it is two. */
const again = ({ row, text }: Predictions[number]) => ({ row: { ...row }, text });

function draw(predictions: readonly Predictions[], samples: number, visit: (drawn: Int32Array, at: number) => void) {
  resample({ items: predictions[0]?.length ?? 0, samples, draw: createRandom(0).integer }, visit);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Four digits that matter. */
const short = (value: number): number => Number(value.toPrecision(4));

export function estimate({ value, samples, exact, isShare }: Sampled): Estimate {
  const ends = exact ?? percentileInterval(samples);
  const [low, high] = isShare ? [Math.max(0, ends[0]), Math.min(1, ends[1])] : ends;
  return { value: short(value), interval: [short(low), short(high)] };
}

/** One less the other, row by row. */
export function difference(one: Sampled, other: Sampled): Estimate {
  const samples = one.samples.map((value, i) => value - (other.samples[i] as number));
  return estimate({ value: one.value - other.value, samples });
}

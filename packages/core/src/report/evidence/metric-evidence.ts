import { isMean } from '../../evaluation/group-values.ts';
import { bootstrapInterval, shareInterval } from '../../evaluation/interval.ts';
import type { PredictionRecord } from '../../evaluation/predictions.ts';
import type { Interval } from '../../recipe/resample.ts';
import type { EvaluationAtStep } from '../../run/evaluation-line.ts';

/** An evaluation with the outputs that it measured. */
export interface Measurement extends EvaluationAtStep {
  /** Empty where nothing was generated, or the file is gone. */
  readonly predictions: readonly PredictionRecord[];
}

/** A number, with what the choice of rows leaves open of it: its 95 % interval; null where that is not known. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** Decides the samples of intervals: a report that is made again says the same. */
const SEED = 0;

/** Computes once what several parts of a page ask for. */
function once<Of extends object>(compute: (metric: string, of: Of) => Estimate | null) {
  const known = new WeakMap<Of, Map<string, Estimate | null>>();
  return (metric: string, of: Of): Estimate | null => {
    const own = known.get(of) ?? new Map<string, Estimate | null>();
    known.set(of, own);
    const found = own.has(metric) ? own.get(metric) : compute(metric, of);
    own.set(metric, found ?? null);
    return found ?? null;
  };
}

/** A metric in one evaluation; null where it was not measured. */
export const estimateOf = once((metric: string, measurement: Measurement): Estimate | null => {
  const value = measurement.evaluation.metrics[metric];
  if (value === undefined) return null;
  const { values, ofRows } = valuesOf(metric, measurement);
  const all = [...values.values()];
  if (ofRows && all.every((score) => score >= 0 && score <= 1)) {
    return { value, interval: all.length === 0 ? null : shareInterval(all, SEED) };
  }
  return { value, interval: around(value, all) };
});

/**
 * How much a metric is more in `after` than in `before`, over the rows that both were measured on; null where there are none, and
 * for a metric of the whole corpus where they are not the same in both.
 */
export function differenceOf(metric: string, before: Measurement, after: Measurement): Estimate | null {
  const from =
    differencesFrom.get(before) ?? once((name: string, to: Measurement) => computeDifference(name, before, to));
  differencesFrom.set(before, from);
  return from(metric, after);
}

const differencesFrom = new WeakMap<Measurement, (metric: string, after: Measurement) => Estimate | null>();

function computeDifference(metric: string, before: Measurement, after: Measurement): Estimate | null {
  const [was, is] = [before.evaluation.metrics[metric], after.evaluation.metrics[metric]];
  if (was === undefined || is === undefined) return null;
  const common = commonRows(before, after);
  const isWhole = before.evaluation.rows === after.evaluation.rows && common.all;
  const [from, to] = [valuesOf(metric, before), valuesOf(metric, after)];
  if (!isWhole && !(from.ofRows && to.ofRows)) return null;
  const changes = [...to.values].flatMap(([unit, value]) => {
    const other = from.values.get(unit);
    const isShared = from.ofRows === to.ofRows && (!to.ofRows || common.rows.has(unit));
    return other === undefined || !isShared ? [] : [value - other];
  });
  if (isWhole) return { value: is - was, interval: around(is - was, changes) ?? ofOneChange(changes) };
  if (changes.length === 0) return null;
  return { value: meanOf(changes), interval: around(meanOf(changes), changes) ?? ofOneChange(changes) };
}

/** Rows of the same number that have the same right answer: numbers alone could be those of other rows. */
function commonRows(before: Measurement, after: Measurement): { rows: ReadonlySet<number>; all: boolean } {
  const references = new Map(before.predictions.map(({ row, reference }) => [row, reference]));
  const { predictions } = after;
  const shared = predictions.filter(({ row, reference }) => references.get(row) === reference);
  const rows = new Set(shared.map(({ row }) => row));
  // Without outputs there is nothing to say that they are others.
  const all =
    references.size === 0 ||
    predictions.length === 0 ||
    (shared.length === predictions.length && rows.size === references.size);
  return { rows, all };
}

interface UnitValues {
  /** By row, or by group of rows. */
  readonly values: ReadonlyMap<number, number>;
  readonly ofRows: boolean;
}

/** What a metric is the mean of: the scores of rows, or what groups of rows add to it. */
function valuesOf(metric: string, { evaluation, groupValues, predictions }: Measurement): UnitValues {
  const all = predictions.map(({ scores }) => scores);
  if (isMean(metric, evaluation.metrics[metric] ?? Number.NaN, all)) {
    const byRow = new Map<number, number[]>();
    for (const { row, scores } of predictions) {
      if (metric in scores) byRow.set(row, [...(byRow.get(row) ?? []), scores[metric] as number]);
    }
    return { values: new Map([...byRow].map(([row, outputs]) => [row, meanOf(outputs)])), ofRows: true };
  }
  const groups = Object.entries(groupValues?.[metric] ?? {});
  return { values: new Map(groups.map(([group, own]) => [Number(group), own])), ofRows: false };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Where all values are equal there is nothing to draw from: such an interval would say that nothing is left open. */
function around(value: number, values: readonly number[]): Interval | null {
  if (values.length < 2 || values.every((one) => one === values[0])) return null;
  const shift = value - meanOf(values);
  const [low, high] = bootstrapInterval(values, SEED);
  return [low + shift, high + shift];
}

/** Where every row changes by the same, other rows may be left that do not change: so many as few rows leave open. */
function ofOneChange(changes: readonly number[]): Interval | null {
  const [change] = changes;
  const shares = change ? shareInterval(Array(changes.length).fill(1), SEED) : null;
  if (!change || !shares) return null;
  const [least, most] = shares.map((share) => share * change) as [number, number];
  return change > 0 ? [least, most] : [most, least];
}

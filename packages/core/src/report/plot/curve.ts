import { type Range, rangeOf } from './scale.ts';

/** A value over the steps of a run; null where there is none, which is a gap in the curve. */
export interface Point {
  readonly step: number;
  readonly value: number | null;
}

/**
 * Fewer points that look the same: the steps are cut into `buckets` of equal size, and of each the lowest and the
 * highest value are kept, with both ends of the curve. A bucket without values leaves one gap.
 * @returns at most `2 · buckets + 2` points, in order
 */
export function thin(points: readonly Point[], buckets: number): Point[] {
  if (points.length <= 2 * buckets) return [...points];
  const kept = new Set<number>([0, points.length - 1]);
  for (const [begin, end] of bounds(points.length, buckets)) {
    for (const index of extremes(points, begin, end)) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b).map((index) => points[index] as Point);
}

/** Where each of so many stretches of equal size begins and ends. */
const bounds = (length: number, count: number): [begin: number, end: number][] =>
  Array.from({ length: count }, (_, i) => [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)]);

function extremes(points: readonly Point[], begin: number, end: number): number[] {
  let lowest = begin;
  let highest = begin;
  for (let i = begin; i < end; i++) {
    const value = points[i]?.value ?? null;
    if (value === null) continue;
    if (value < (points[lowest]?.value ?? Number.POSITIVE_INFINITY)) lowest = i;
    if (value > (points[highest]?.value ?? Number.NEGATIVE_INFINITY)) highest = i;
  }
  return [lowest, highest];
}

/** A part of a curve in numbers; null where it has no values. */
export interface Stretch extends Record<keyof Range | 'mean', number | null> {
  readonly from: number;
  readonly to: number;
}

/** A curve in at most `count` parts of equal length. */
export function stretches(points: readonly Point[], count: number): Stretch[] {
  return bounds(points.length, Math.min(count, points.length)).map(([begin, end]) => {
    const values: number[] = [];
    let sum = 0;
    for (let at = begin; at < end; at++) {
      const value = points[at]?.value ?? null;
      if (value === null) continue;
      values.push(value);
      sum += value;
    }
    const none = values.length === 0;
    const { low, high } = rangeOf(values);
    const steps = { from: (points[begin] as Point).step, to: (points[end - 1] as Point).step };
    return { ...steps, mean: none ? null : sum / values.length, low: none ? null : low, high: none ? null : high };
  });
}

/** Standard deviations beyond which a neighbour's weight is too small to matter. */
const REACH = 3;
/** Points that are averaged at most: of a longer run, the means of neighbours. */
const AVERAGED = 4000;

/**
 * A Gaussian average around `count` evenly spaced points. Centred, unlike a running average, so that the smooth curve
 * does not lag behind the raw one. One standard deviation is a sixtieth of the run, less near the beginning, where
 * losses fall steeply. Gaps stay gaps where no neighbour within reach has a value.
 */
export function smooth(points: readonly Point[], count: number): Point[] {
  const averaged = points.length <= AVERAGED ? points : averages(points, AVERAGED);
  const places = Math.min(count, averaged.length);
  return Array.from({ length: places }, (_, place) => {
    const centre = places === 1 ? 0 : Math.round((place * (averaged.length - 1)) / (places - 1));
    const deviation = Math.min(Math.max(1, averaged.length / 60), centre / REACH);
    return { step: (averaged[centre] as Point).step, value: averageAround(averaged, centre, deviation) };
  });
}

/** The means of so many stretches, at the steps that keep both ends where they are. */
function averages(points: readonly Point[], count: number): Point[] {
  const last = points.length - 1;
  return bounds(points.length, count).map(([begin, end], i) => {
    let [sum, found] = [0, 0];
    for (let at = begin; at < end; at++) {
      const value = points[at]?.value ?? null;
      if (value === null) continue;
      sum += value;
      found++;
    }
    const { step } = points[Math.round((i * last) / (count - 1))] as Point;
    return { step, value: found > 0 ? sum / found : null };
  });
}

function averageAround(points: readonly Point[], centre: number, deviation: number): number | null {
  const reach = Math.ceil(REACH * deviation);
  let sum = 0;
  let weights = 0;
  for (let i = Math.max(0, centre - reach); i <= Math.min(points.length - 1, centre + reach); i++) {
    const value = points[i]?.value ?? null;
    if (value === null) continue;
    const weight = i === centre ? 1 : Math.exp(-(((i - centre) / deviation) ** 2) / 2);
    sum += weight * value;
    weights += weight;
  }
  return weights > 0 ? sum / weights : null;
}

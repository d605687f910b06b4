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
export function downsample(points: readonly Point[], buckets: number): Point[] {
  if (points.length <= 2 * buckets) return [...points];
  const kept = new Set<number>([0, points.length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const begin = Math.floor((bucket * points.length) / buckets);
    const end = Math.floor(((bucket + 1) * points.length) / buckets);
    for (const index of extremes(points, begin, end)) kept.add(index);
  }
  return [...kept].sort((a, b) => a - b).map((index) => points[index] as Point);
}

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

/** Standard deviations beyond which a neighbour's weight is too small to matter. */
const REACH = 3;

/**
 * A Gaussian average around `count` evenly spaced points. Centred, unlike a running average, so that the smooth curve
 * does not lag behind the raw one. One standard deviation is a sixtieth of the run, less near the beginning, where
 * losses fall steeply. Gaps stay gaps where no neighbour within reach has a value.
 */
export function smooth(points: readonly Point[], count: number): Point[] {
  const places = Math.min(count, points.length);
  return Array.from({ length: places }, (_, place) => {
    const centre = places === 1 ? 0 : Math.round((place * (points.length - 1)) / (places - 1));
    const deviation = Math.min(Math.max(1, points.length / 60), centre / REACH);
    return { step: (points[centre] as Point).step, value: averageAround(points, centre, deviation) };
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

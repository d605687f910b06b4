import type { Interval } from '../../recipe/resample.ts';
import type { SweepAnalysis } from './analysis.ts';
import { curveAt, transformedWeight, weightOf } from './quadratic.ts';

/** What a picture of an outcome shows: weights along w^0.30103, so that 0 to 1 are 0 to 1, and the difference from weight 0. */
export interface WeightChart {
  readonly outcome: string;
  readonly points: readonly WeightPoint[];
  /** The quadratic, from the lowest weight to the highest; empty where there is none. */
  readonly curve: readonly { readonly x: number; readonly effect: number }[];
  /** Differences within ± of it do not matter. */
  readonly margin: number | null;
  /** Where the quadratic is best, if that is surely between the ends: along x. */
  readonly optimum: { readonly x: number; readonly interval: Interval } | null;
}

export interface WeightPoint {
  readonly weight: number;
  readonly x: number;
  readonly promptShare: number;
  /** From weight 0; 0 for weight 0 itself. */
  readonly effect: number;
  readonly interval: Interval | null;
}

const CURVE_POINTS = 50;

/**
 * The pictures of an analysis, one for each outcome that has a difference.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { type SweepAnalysis, weightCharts } from '@counterweight/core';
 *
 * const analysis: SweepAnalysis = JSON.parse(await readFile('sweeps/first/analysis.json', 'utf8'));
 * for (const { outcome, points } of weightCharts(analysis)) console.log(outcome, points.length);
 * ```
 */
export function weightCharts({ outcomes, weights }: SweepAnalysis): WeightChart[] {
  const charts = outcomes.map(({ name, byWeight, curve, margin }) => {
    const points = byWeight.flatMap(({ weight, difference }, i): WeightPoint[] => {
      const effect = weight === 0 ? 0 : (difference?.effect ?? null);
      if (effect === null) return [];
      const interval = difference?.interval ?? null;
      return [{ weight, x: transformedWeight(weight), promptShare: weights[i]?.promptShare ?? 0, effect, interval }];
    });
    const [low, high] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
    const along = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => low + ((high - low) * i) / CURVE_POINTS);
    const optimum = curve?.optimum;
    return {
      outcome: name,
      points,
      curve: curve ? along.map((x) => ({ x, effect: curveAt(curve.coefficients, weightOf(x)) })) : [],
      margin,
      optimum: optimum
        ? {
            x: transformedWeight(optimum.weight),
            interval: [transformedWeight(optimum.interval[0]), transformedWeight(optimum.interval[1])] as const,
          }
        : null,
    };
  });
  return charts.filter(({ points }) => points.length > 1);
}

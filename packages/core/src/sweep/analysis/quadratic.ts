import { percentileInterval } from '../../recipe/resample.ts';

/** The study's transformation of the weight (arXiv 2401.13586): log₁₀ 2, so that 0.1 becomes 0.5. */
const EXPONENT = 0.30103;

export const transformedWeight = (weight: number): number => weight ** EXPONENT;
export const weightOf = (transformed: number): number => transformed ** (1 / EXPONENT);

/** y = a + b·x + c·x², of a weight w at x = w^0.30103. */
export type Coefficients = readonly [a: number, b: number, c: number];

export interface WeightCurve {
  readonly coefficients: Coefficients;
  /** Share of the variance between the weights' means that the curve explains. */
  readonly rSquared: number;
  /** Weights whose mean lies off the curve by more than chance: another shape than a quadratic. */
  readonly misses: readonly number[];
  /** Where the curve is best, if that is between the weights that were tried, its interval is too, and it misses none. */
  readonly optimum: { readonly weight: number; readonly interval: readonly [number, number] } | null;
  /** Where the curve is best on what was tried, ends included, and the middle 95 % of where its samples are. */
  readonly best: { readonly weight: number; readonly interval: readonly [number, number] };
}

/** A weight's mean, with what is known of its chance. */
export interface CurvePoint {
  readonly weight: number;
  readonly mean: number;
  /** Of a bootstrap; the same place is the same sample at every weight. */
  readonly samples: Float64Array;
  /** How far the mean may lie from where it would be without chance. */
  readonly mightBeOff: number;
}

/**
 * A quadratic through the weights' means, and a bootstrap interval for its vertex. A vertex says little by itself: where
 * an outcome is level and then falls, the curve through it has one too. So a curve has no optimum where it misses a mean.
 * @param sign 1 where more is better, −1 where less is
 * @returns undefined for fewer than three weights
 */
export function weightCurve(points: readonly CurvePoint[], sign: 1 | -1): WeightCurve | undefined {
  const [weights, means] = [points.map(({ weight }) => weight), points.map(({ mean }) => mean)];
  const samples = points.map((point) => point.samples);
  if (weights.length < 3 || means.some((mean) => !Number.isFinite(mean))) return undefined;
  const fit = quadraticFit(weights.map(transformedWeight));
  const coefficients = fit(means);
  const range = [Math.min(...weights), Math.max(...weights)] as const;
  const bestOf = (of: Coefficients) => bestWeight(of, sign, range);
  const drawn = Float64Array.from(samples[0] ?? [], (_, sample) => bestOf(fit(samples.map((own) => own[sample]!))));
  const best = { weight: bestOf(coefficients), interval: percentileInterval(drawn) };
  const isInside = (weight: number) => weight > range[0] && weight < range[1];
  const misses = points.filter(
    (point) => point.mightBeOff < Math.abs(point.mean - curveAt(coefficients, point.weight)),
  );
  const isOptimum = misses.length === 0 && [best.weight, ...best.interval].every(isInside);
  return {
    coefficients,
    rSquared: rSquared(weights, means, coefficients),
    misses: misses.map(({ weight }) => weight),
    optimum: isOptimum ? best : null,
    best,
  };
}

export const curveAt = ([a, b, c]: Coefficients, weight: number): number => {
  const x = transformedWeight(weight);
  return a + b * x + c * x * x;
};

/** Where a curve is best, on what was tried. NaN for one of NaN. */
function bestWeight(coefficients: Coefficients, sign: 1 | -1, [low, high]: readonly [number, number]): number {
  const [, b, c] = coefficients;
  if (Number.isNaN(b + c)) return Number.NaN;
  const vertex = -b / (2 * c);
  const within = vertex > transformedWeight(low) && vertex < transformedWeight(high);
  if (sign * c < 0 && within) return weightOf(vertex);
  return sign * (curveAt(coefficients, high) - curveAt(coefficients, low)) > 0 ? high : low;
}

/** Least squares at fixed places, by polynomials that are orthogonal on them: a fit is three sums. */
function quadraticFit(x: readonly number[]): (y: readonly number[]) => Coefficients {
  const dot = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + value * (v[i] as number), 0);
  const middle = x.reduce((sum, value) => sum + value, 0) / x.length;
  const first = x.map((value) => value - middle);
  const squares = first.map((value) => value * value);
  const level = dot(first, first) / x.length;
  const slope = dot(squares, first) / dot(first, first);
  const second = first.map((value, i) => (squares[i] as number) - level - slope * value);
  const [ofFirst, ofSecond] = [dot(first, first), dot(second, second)];
  return (y) => {
    const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
    const [b, c] = [dot(first, y) / ofFirst, dot(second, y) / ofSecond];
    // mean + b·u + c·(u² − level − slope·u) with u = x − middle, written out in x.
    const linear = b - c * slope;
    return [mean - linear * middle + c * (middle * middle - level), linear - 2 * c * middle, c];
  };
}

function rSquared(weights: readonly number[], means: readonly number[], coefficients: Coefficients): number {
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const total = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const left = weights.reduce((sum, weight, i) => sum + (means[i]! - curveAt(coefficients, weight)) ** 2, 0);
  return total > 0 ? 1 - left / total : 0;
}

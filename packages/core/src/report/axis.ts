import { ticks } from 'd3-array';

/** Where values lie along an axis: 0 at its beginning, 1 at its end, and which of them are named. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From `from` to `to`, with about `count` ticks at 1, 2 or 5 times a power of ten. */
export function linearAxis(from: number, to: number, count: number): Axis {
  // One value alone lies in the middle of an axis around it.
  const around = from === to ? Math.abs(from) / 2 || 1 : 0;
  const [low, high] = [from - around, to + around];
  return { place: (value) => (value - low) / (high - low), ticks: ticks(low, high, count) };
}

const MOST_TICKS = 8;

/**
 * Equal distances for equal ratios; for values that span orders of magnitude, above 0. Its ticks are 1, 2 and 5 times the
 * powers of ten, or the powers alone; those of d3-scale are all nine digits, more than there is room for.
 */
export function logarithmicAxis(from: number, to: number): Axis {
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const ticksAt = (digits: readonly number[]) => {
    const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
    const all = powers.flatMap((power) => digits.map((digit) => Number((digit * 10 ** power).toPrecision(1))));
    return all.filter((value) => value >= from && value <= to);
  };
  const fine = ticksAt([1, 2, 5]);
  const named = fine.length <= MOST_TICKS ? fine : ticksAt([1]);
  return {
    place: (value) => (high === low ? 0.5 : (Math.log10(value) - low) / (high - low)),
    ticks: named.length > 1 ? named : ticks(from, to, MOST_TICKS / 2),
  };
}

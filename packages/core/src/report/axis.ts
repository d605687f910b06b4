/** Where values lie along an axis: 0 at its beginning, 1 at its end, and which of them are named. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From `from` to `to`, with about `count` ticks at 1, 2 or 5 times a power of ten. */
export function linearAxis(from: number, to: number, count: number): Axis {
  // One value alone lies in the middle of an axis around it.
  const room = from === to ? Math.abs(from) / 2 || 1 : 0;
  const [low, high] = [from - room, to + room];
  const interval = niceInterval((high - low) / count);
  const first = Math.ceil(low / interval - 1e-9);
  const last = Math.floor(high / interval + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * interval).toPrecision(12)));
  return { place: (value) => (value - low) / (high - low), ticks };
}

const MOST_TICKS = 8;

/** Equal distances for equal ratios; for values that span orders of magnitude, above 0. */
export function logarithmicAxis(from: number, to: number): Axis {
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const ticksAt = (digits: readonly number[]) => {
    const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
    const all = powers.flatMap((power) => digits.map((digit) => Number((digit * 10 ** power).toPrecision(1))));
    return all.filter((value) => value >= from && value <= to);
  };
  const fine = ticksAt([1, 2, 5]);
  return {
    place: (value) => (Math.log10(value) - low) / (high - low),
    ticks: fine.length <= MOST_TICKS ? fine : ticksAt([1]),
  };
}

function niceInterval(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return digit * power;
}

import { scaleLinear, scaleLog } from 'd3-scale';

/** Plots are drawn in a square of so many units, which is stretched to the width and height of its figure. */
export const SIDE = 1000;

/** Where values lie along a side of a plot, and which of them are named. */
export interface PlotScale {
  /** From 0 to `SIDE`: from the left for what goes across, from the top for what goes up. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  readonly logarithmic: boolean;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

export function rangeOf(values: Iterable<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** From left to right, with about `count` ticks. */
export function acrossScale({ low, high }: Range, count = 5): PlotScale {
  const scale = scaleLinear([low, high], [0, SIDE]);
  return { at: low === high ? () => SIDE / 2 : scale, ticks: scale.ticks(count), logarithmic: false };
}

/** From the bottom to the top. One value alone lies in the middle of a range around it. */
export function upScale({ low, high }: Range, count = 4): PlotScale {
  const around = low === high ? Math.abs(low) / 2 || 1 : 0;
  const scale = scaleLinear([low - around, high + around], [SIDE, 0]).nice(count);
  return { at: scale, ticks: scale.ticks(count), logarithmic: false };
}

/** How many ticks a decade might name; d3 leaves out digits until there are about so many. */
const NAMED = [9, 5, 3, 2, 1];
/** Labels that are nearer than that run into each other. */
const ROOM = SIDE / 9;

/** From the bottom to the top with equal distances for equal ratios: for values above 0 that span orders of magnitude. */
export function logarithmicUpScale({ low, high }: Range): PlotScale {
  const scale = scaleLog([low, high], [SIDE, 0]);
  const named = NAMED.map((count) => {
    const isNamed = scale.tickFormat(count);
    return scale.ticks(10).filter((tick) => isNamed(tick) !== '');
  });
  const hasRoom = (ticks: readonly number[]) =>
    ticks.every((tick, i) => i === 0 || scale(ticks[i - 1] as number) - scale(tick) >= ROOM);
  return { at: scale, ticks: named.find(hasRoom) ?? (named.at(-1) as number[]), logarithmic: true };
}

/** Of a place along a side, for text, which is not stretched. */
export const percent = (place: number): string => `${Number(((100 * place) / SIDE).toFixed(2))}%`;

import type { Interval } from '../../recipe/resample.ts';
import { formatNumber } from '../../report/format.ts';
import type { Difference } from './analysis.ts';

/** `+0.0123`, `−0.36`: a change. Three digits that matter. */
export function formatChange(value: number): string {
  const size = formatSize(Math.abs(value));
  return value < 0 ? `−${size}` : `+${size}`;
}

/** Three digits that matter. */
export const formatSize = (value: number): string => formatNumber(Number(value.toPrecision(3)));

export const formatInterval = ([low, high]: Interval): string => `${formatChange(low)} … ${formatChange(high)}`;

/** `−0.36 (95 %: −0.4 … −0.32)` */
export function effectInWords({ effect, interval }: Pick<Difference, 'effect' | 'interval'>): string {
  if (effect === null) return 'not measured';
  return interval ? `${formatChange(effect)} (95 %: ${formatInterval(interval)})` : formatChange(effect);
}

/** `p = 0.031` */
export const formatP = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`);

/** What would tell, where nothing was told. */
export function openInWords({ seeds, moreSeeds }: Pick<Difference, 'seeds' | 'moreSeeds'>): string {
  if (seeds === 1) return `one seed shows nothing of chance; at least ${moreSeeds ?? 1} more would`;
  const sofar = `${seeds} seeds do not tell`;
  if (moreSeeds === null) return `${sofar}, and more alone would hardly: it takes more test rows, or a wider margin`;
  return `${sofar}; about ${moreSeeds} more would`;
}

export const weightsInWords = (weights: readonly number[]): string =>
  weights.length === 1 ? `weight ${weights[0]}` : `weights ${weights.join(', ')}`;

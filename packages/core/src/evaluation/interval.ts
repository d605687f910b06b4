import { createRandom } from '../random.ts';
import { type Interval, percentileInterval, resample } from '../recipe/resample.ts';
import { wideningOf } from '../sweep/analysis/student.ts';

const SAMPLES = 2000;
const BOOTSTRAP_STREAM = 0xb007;

/**
 * The bootstrap interval of a mean of two values or more, as wide as Student's t wants it for so many. Values of rows that
 * are measured twice are their differences, so that the samples are paired ones.
 * @param seed decides the samples
 */
export function bootstrapInterval(values: readonly number[], seed: number): Interval {
  const { integer } = createRandom(seed, BOOTSTRAP_STREAM);
  const items = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / items;
  const widening = wideningOf(items);
  const means = new Float64Array(SAMPLES);
  resample({ items, samples: SAMPLES, draw: integer }, (drawn, sample) => {
    let sum = 0;
    for (const row of drawn) sum += values[row] as number;
    means[sample] = mean + widening * (sum / items - mean);
  });
  return percentileInterval(means);
}

/**
 * Of a mean of shares of 0 to 1. Where all of them are 0, or all 1, every sample is like the other: then the exact
 * interval of Clopper and Pearson says what so few rows leave open.
 * @returns null of a single row that is neither
 */
export function shareInterval(shares: readonly number[], seed: number): Interval | null {
  const rest = 0.025 ** (1 / shares.length);
  if (shares.every((share) => share === 0)) return [0, 1 - rest];
  if (shares.every((share) => share === 1)) return [rest, 1];
  if (shares.length < 2) return null;
  const [low, high] = bootstrapInterval(shares, seed);
  return [Math.max(0, low), Math.min(1, high)];
}

import { createRandom } from '../../random.ts';
import { type Interval, percentileInterval, resample } from '../../recipe/resample.ts';

const SAMPLES = 2000;
const BOOTSTRAP_STREAM = 0xb007;

/**
 * The bootstrap interval of a mean. Values of rows that are measured twice are their differences, so that the samples are
 * paired ones.
 * @param seed decides the samples
 */
export function bootstrapInterval(values: readonly number[], seed: number): Interval {
  const { integer } = createRandom(seed, BOOTSTRAP_STREAM);
  const means = new Float64Array(SAMPLES);
  resample({ items: values.length, samples: SAMPLES, draw: integer }, (drawn, sample) => {
    let sum = 0;
    for (const row of drawn) sum += values[row] as number;
    means[sample] = sum / values.length;
  });
  return percentileInterval(means);
}

/**
 * Of a share of rows. Where none or all of them are meant, every sample is like the other: then the exact interval of
 * Clopper and Pearson says what so few rows leave open.
 */
export function shareInterval(isMeant: readonly boolean[], seed: number): Interval {
  const count = isMeant.filter(Boolean).length;
  const rest = 0.025 ** (1 / isMeant.length);
  if (count === 0) return [0, 1 - rest];
  if (count === isMeant.length) return [rest, 1];
  return bootstrapInterval(isMeant.map(Number), seed);
}

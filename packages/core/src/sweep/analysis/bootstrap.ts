import { createRandom } from '../../random.ts';
import { resample } from '../../recipe/resample.ts';
import { type Contrast, type Estimate, estimateOf } from './contrast.ts';
import { wideningOf } from './student.ts';
import { type PValues, Tally } from './tally.ts';

export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
}

/**
 * Two-level bootstrap: seeds are drawn, then rows, the same ones for every seed, as all models answer the same rows. A
 * sample is
 *
 *     mean + widening · (mean over drawn seeds − mean) + widening · share · (mean over drawn rows − mean over rows)
 *
 * with the widenings of few seeds and few rows (`wideningOf`), and the share of the rows' spread that is not already in the
 * seeds' (`RowPart`). All contrasts get the same draws, so that curves through several can be drawn again.
 * @returns of each contrast its samples; NaN where a sample has no seed of it
 */
export function bootstrap(contrasts: readonly Contrast[], { samples, seed }: BootstrapOptions): Float64Array[] {
  const random = (stream: number) => createRandom(seed, stream).integer;
  const result = contrasts.map(() => new Float64Array(samples));
  const estimates = contrasts.map(estimateOf);
  const widenings = estimates.map(({ seeds }) => (seeds > 1 ? wideningOf(seeds) : 0));
  const seeds = contrasts[0]?.values.length ?? 0;
  resample({ items: seeds, samples, draw: random(2) }, (drawn, sample) => {
    for (const [i, { values }] of contrasts.entries()) {
      const { effect } = estimates[i]!;
      result[i]![sample] = effect + widenings[i]! * (meanOfDrawn(values, drawn) - effect);
    }
  });
  for (const items of new Set(contrasts.flatMap(({ rows }) => rows?.differences.length ?? []))) {
    const alike = contrasts.flatMap(({ rows }, i) => {
      return rows?.differences.length === items && rows.share > 0 ? [{ rows, to: result[i]! }] : [];
    });
    const widening = wideningOf(items);
    resample({ items, samples, draw: random(3) }, (drawn, sample) => {
      for (const { rows, to } of alike) {
        to[sample]! += widening * rows.share * (meanOfDrawn(rows.differences, drawn) - rows.mean);
      }
    });
  }
  return result;
}

/** How often samples lie as far from the mean as the mean from 0, in standard errors. Seeds and rows are chance alike. */
export function bootstrapTest(estimates: readonly Estimate[], samples: readonly Float64Array[]): PValues {
  const observed = estimates.map(({ effect, error }) => inErrors(effect, error));
  const tally = new Tally(observed);
  const count = samples[0]?.length ?? 0;
  for (let sample = 0; sample < count; sample++) {
    tally.add(estimates.map(({ effect, error }, i) => inErrors(samples[i]![sample]! - effect, error)));
  }
  return tally.pValues(1);
}

/** Where there is no error, a difference is infinitely many of them. */
function inErrors(value: number, error: number): number {
  if (error > 0) return Math.abs(value) / error || 0;
  return error === 0 && Math.abs(value) > ROUNDING ? Number.POSITIVE_INFINITY : 0;
}

const ROUNDING = 1e-12;

function meanOfDrawn(values: Float64Array, drawn: Int32Array): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < drawn.length; at++) {
    const value = values[drawn[at] as number] as number;
    if (!Number.isNaN(value)) {
      sum += value;
      count++;
    }
  }
  return sum / count;
}

import { createRandom } from '../../random.ts';
import { type PValues, Tally } from './tally.ts';

/** Up to so many seeds every sign is tried; beyond, so many draws of signs. */
const EXACT_SEEDS = 16;
const SAMPLES = 19_999;

/**
 * Sign-flip permutation test, two-sided: where a weight makes no difference, a seed's difference is as likely with the
 * other sign. Exact for up to 16 seeds (2ⁿ signs, so p ≥ 2/2ⁿ), sampled beyond. The statistic is |Σ d| / √Σ d²; a seed
 * flips in all contrasts at once.
 * @param contrasts for each, one value a seed; NaN where there is none
 */
export function signFlip(contrasts: readonly Float64Array[], seed = 0): PValues {
  const values = contrasts.map((contrast) => contrast.map((value) => (Number.isNaN(value) ? 0 : value)));
  const scales = values.map((own) => Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1);
  const normal = values.map((own, i) => own.map((value) => value / (scales[i] as number)));
  // What is as large but for rounding is as large.
  const observed = normal.map((own) => Math.abs(own.reduce((sum, value) => sum + value, 0)) - 1e-9);
  const tally = new Tally(observed);
  for (const sums of signedSums(normal, seed)) tally.add(sums.map(Math.abs));
  return tally.pValues(0);
}

/** The sums of each contrast under one choice of signs after the other; the first is that of the observed signs. */
function* signedSums(contrasts: readonly Float64Array[], seed: number): Generator<Float64Array> {
  const seeds = contrasts[0]?.length ?? 0;
  const sums = Float64Array.from(contrasts, (contrast) => contrast.reduce((sum, value) => sum + value, 0));
  yield sums;
  if (seeds > EXACT_SEEDS) yield* sampledSums(contrasts, seed);
  else {
    // One sign can stay: all flipped is the same sum. A Gray code flips one seed at a time.
    const signs = new Int8Array(seeds).fill(1);
    for (let turn = 1; turn < 2 ** Math.max(0, seeds - 1); turn++) {
      const flipped = 31 - Math.clz32(turn & -turn);
      for (let i = 0; i < contrasts.length; i++) sums[i]! -= 2 * (signs[flipped] as number) * contrasts[i]![flipped]!;
      signs[flipped] = -(signs[flipped] as number);
      yield sums;
    }
  }
}

function* sampledSums(contrasts: readonly Float64Array[], seed: number): Generator<Float64Array> {
  const random = createRandom(seed, 1);
  const sums = new Float64Array(contrasts.length);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const signs = Float64Array.from(contrasts[0] ?? [], () => (random.uniform() < 0.5 ? -1 : 1));
    for (let i = 0; i < contrasts.length; i++) {
      sums[i] = contrasts[i]!.reduce((sum, value, at) => sum + value * (signs[at] as number), 0);
    }
    yield sums;
  }
}

/** The fewest seeds with which a sign-flip test can have p ≤ alpha at all. */
export const leastSeeds = (alpha: number): number => Math.ceil(Math.log2(2 / alpha));

import { createRandom } from '../../random.ts';
import { type Interval, percentileInterval, resample } from '../../recipe/resample.ts';
import type { Arm } from './arms.ts';
import { armsAboveZero, type Comparison, marginAt } from './comparison.ts';
import { signOf } from './outcomes.ts';

/** Differences from weight 0 on validation rows, in the good direction: one row a weight, one value a seed. */
interface Gains {
  readonly arms: readonly Arm[];
  readonly bySeed: readonly Float64Array[];
}

/**
 * Weights above 0 that may be chosen: a loss may be lower, and the model no longer end its answers. Those end as often as at
 * weight 0, on validation rows and but for the margin, or nobody has looked.
 */
export function armsThatEnd(comparison: Comparison): Arm[] {
  const { baseline, outcomes } = comparison;
  const cutShare = outcomes.find(({ name }) => name === 'cutShare');
  const margin = cutShare ? (marginAt(comparison, cutShare) ?? 0) : 0;
  const atZero = baseline ? cutMean(baseline) : Number.NaN;
  return armsAboveZero(comparison).filter((arm) => !(cutMean(arm) > atZero + margin));
}

function cutMean({ trials }: Arm): number {
  const shares = [...trials.values()].map(({ validation }) => validation.cutShare ?? Number.NaN);
  const there = shares.filter(Number.isFinite);
  return there.reduce((sum, share) => sum + share, 0) / there.length;
}

/**
 * The weight that is chosen, on validation rows only: the best of some, unless weight 0 is within one standard error of it,
 * because 0 is simpler. Undefined where validation rows were not measured.
 */
export function chosenArm(
  comparison: Comparison,
  among: readonly Arm[],
): { readonly arm: Arm; readonly interval: Interval | null } | undefined {
  const { baseline, seeds, bootstrap } = comparison;
  const gains = gainsOf(comparison, among);
  if (!baseline || !gains) return undefined;
  const choice = (drawn: ArrayLike<number>) => chosenAmong(gains, baseline, drawn);
  const chosen: number[] = [];
  const draw = createRandom(bootstrap.seed, 4).integer;
  resample({ items: seeds.length, samples: bootstrap.samples, draw }, (drawn) => {
    chosen.push(choice(drawn).weight);
  });
  return { arm: choice([...seeds.keys()]), interval: seeds.length > 1 ? percentileInterval(chosen) : null };
}

/** Of some weights the one that is best on validation rows; undefined where they were not measured. */
export function bestArm(comparison: Comparison, among: readonly Arm[]): Arm | undefined {
  const gains = gainsOf(comparison, among);
  if (!gains) return undefined;
  const all = [...comparison.seeds.keys()];
  const means = gains.bySeed.map((values) => momentsOf(values, all).mean);
  return gains.arms[means.indexOf(Math.max(...means))];
}

function gainsOf({ baseline, primary, seeds }: Comparison, arms: readonly Arm[]): Gains | undefined {
  if (!baseline || !primary) return undefined;
  const measuredBy = (arm: Arm, seed: number) => arm.trials.get(seed)?.validation[primary.name] ?? Number.NaN;
  const bySeed = arms.map((arm) => {
    return Float64Array.from(seeds, (seed) => signOf(primary) * (measuredBy(arm, seed) - measuredBy(baseline, seed)));
  });
  const isMeasured = bySeed.map((values) => values.some(Number.isFinite));
  const kept = <T>(of: readonly T[]) => of.filter((_, i) => isMeasured[i]);
  return isMeasured.includes(true) ? { arms: kept(arms), bySeed: kept(bySeed) } : undefined;
}

function chosenAmong({ arms, bySeed }: Gains, baseline: Arm, drawn: ArrayLike<number>): Arm {
  const moments = bySeed.map((values) => momentsOf(values, drawn));
  const best = moments.reduce((most, { mean }, i) => (mean > (moments[most]?.mean ?? 0) ? i : most), -1);
  const { mean = 0, error = 0 } = moments[best] ?? {};
  return mean > error ? arms[best]! : baseline;
}

/** One value has no error that could be known. */
function momentsOf(values: Float64Array, drawn: ArrayLike<number>): { mean: number; error: number } {
  const there = Array.from(drawn, (at) => values[at] as number).filter(Number.isFinite);
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  const squares = there.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    error: there.length > 1 ? Math.sqrt(squares / (there.length - 1) / there.length) : Number.POSITIVE_INFINITY,
  };
}

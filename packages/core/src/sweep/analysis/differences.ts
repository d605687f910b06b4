import { type Interval, percentileInterval } from '../../recipe/resample.ts';
import type { Difference } from './analysis.ts';
import type { Arm } from './arms.ts';
import { type BootstrapOptions, bootstrap, bootstrapTest } from './bootstrap.ts';
import { type Contrast, contrastOf, type Estimate, estimateOf } from './contrast.ts';
import type { TrialObservation } from './observations.ts';
import { equivalenceP, moreSeeds, seedsForDifference, seedsForEquivalence, type Test } from './power.ts';
import { leastSeeds, signFlip } from './sign-flip.ts';

/** Of differences and equivalences alike. */
export const ALPHA = 0.05;

/** Contrasts that are asked together: their p-values are corrected for their number. */
export interface Family {
  readonly contrasts: readonly Contrast[];
  readonly estimates: readonly Estimate[];
  /** Of a bootstrap, the same draws for each. */
  readonly samples: readonly Float64Array[];
  readonly intervals: readonly (Interval | null)[];
  /** Of the sign-flip test, each by itself: chance of seeds. NaN, as the others, where there are fewer than two seeds. */
  readonly bySeeds: readonly number[];
  /**
   * Corrected for the number of contrasts, down the steps of Westfall and Young: the larger of the sign-flip test's and the
   * bootstrap's, so that chance of rows counts. The smallest says whether there is a difference among them at all.
   */
  readonly corrected: readonly number[];
}

export function familyOf(contrasts: readonly Contrast[], options: BootstrapOptions): Family {
  const estimates = contrasts.map(estimateOf);
  const samples = bootstrap(contrasts, options);
  const flipped = signFlip(
    contrasts.map(({ values }) => values),
    options.seed,
  );
  const drawn = bootstrapTest(estimates, samples);
  const ofPairs = (p: number, i: number) => (estimates[i]!.seeds > 1 ? p : Number.NaN);
  const larger = (one: readonly number[], other: readonly number[]) => one.map((p, i) => Math.max(p, other[i]!));
  return {
    contrasts,
    estimates,
    samples,
    intervals: samples.map((own, i) => (estimates[i]!.seeds > 1 ? percentileInterval(own) : null)),
    bySeeds: flipped.single.map(ofPairs),
    corrected: larger(flipped.corrected, drawn.corrected).map(ofPairs),
  };
}

/** The test that a family's corrected p-values are: one floor for all, and about the power of Bonferroni's. */
export const correctedTest = (comparisons: number): Test => ({
  alpha: ALPHA / Math.max(1, comparisons),
  leastSeeds: leastSeeds(ALPHA),
});

export interface Judging {
  readonly margin: number | null;
  /** No trial differs from any other: there is nothing that could be called equivalent. */
  readonly constant: boolean;
}

/** What is said of each contrast of a family by itself. */
export function differencesOf(family: Family, { margin, constant }: Judging): Difference[] {
  const test = correctedTest(family.estimates.filter(({ seeds }) => seeds > 1).length);
  return family.estimates.map((estimate, i) => {
    const { seeds, effect } = estimate;
    const interval = family.intervals[i]!;
    const pEquivalent = margin === null || constant ? Number.NaN : equivalenceP(estimate, margin);
    const verdict = verdictOf(pEquivalent, family.corrected[i]! <= ALPHA);
    const enough = [seedsForDifference(estimate, test), seedsForEquivalence(estimate, margin, ALPHA)];
    return {
      seeds,
      effect: known(effect),
      interval,
      pValue: known(family.bySeeds[i]!),
      pCorrected: known(family.corrected[i]!),
      pEquivalent: known(pEquivalent),
      verdict,
      moreSeeds: verdict === 'inconclusive' && !constant ? moreSeeds(estimate, enough) : null,
    };
  });
}

function verdictOf(pEquivalent: number, isDifferent: boolean): Difference['verdict'] {
  if (pEquivalent <= ALPHA) return 'equivalent';
  return isDifferent ? 'different' : 'inconclusive';
}

export const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Differences of an outcome within each seed: the mean over some weights, less another one. */
export function weightContrast(outcome: string, seeds: readonly number[], plus: readonly Arm[], minus: Arm): Contrast {
  const values = Float64Array.from(seeds, (seed) => {
    const baseline = measuredBy(minus.trials.get(seed), outcome);
    return plus.reduce((sum, arm) => sum + measuredBy(arm.trials.get(seed), outcome) - baseline, 0) / plus.length;
  });
  const rows = seeds.map((seed) => {
    const baseline = minus.trials.get(seed)?.rows?.[outcome];
    const own = plus.map((arm) => arm.trials.get(seed)?.rows?.[outcome]);
    if (!baseline || own.some((values) => values?.length !== baseline.length)) return undefined;
    return Float64Array.from(baseline, (value, row) => {
      const mean = own.reduce((sum, values) => sum + (values![row] as number) - value, 0) / own.length;
      return Number.isFinite(mean) ? mean : Number.NaN;
    });
  });
  return contrastOf(values, rows);
}

export function measuredBy(trial: TrialObservation | undefined, outcome: string): number {
  const value = trial?.outcomes[outcome];
  return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
}

import type { Interval } from '../../recipe/resample.ts';
import type { Recommendation, SweepAnalysis } from './analysis.ts';
import type { Arm } from './arms.ts';
import { armsThatEnd, chosenArm } from './choose.ts';
import { armsAboveZero, type Comparison, isConstant, marginAt, weightFamily } from './comparison.ts';
import { ALPHA, correctedTest } from './differences.ts';
import { signOf } from './outcomes.ts';
import { boundP, moreSeeds, seedsForBound, seedsForDifference } from './power.ts';
import { effectInWords, formatSize, openInWords } from './words.ts';

/**
 * A weight to use: chosen on validation rows, and shown on test rows. A weight above 0 has to be better than 0 there, corrected
 * for the number of weights and by more than what would not matter, and its answers have to end as often; weight 0 has to be as
 * good as every other one, but for the margin. Otherwise there is none.
 */
export function recommend(comparison: Comparison): Pick<SweepAnalysis, 'recommended' | 'recommendation'> {
  const { baseline, primary } = comparison;
  const none = (recommendation: string) => ({ recommended: null, recommendation });
  const all = armsAboveZero(comparison);
  if (!baseline || all.length === 0) return none('No weight: there is nothing to compare weight 0 with.');
  if (!primary) return none('No weight: nothing was measured that has a good end.');
  if (isConstant(comparison, primary.name)) return none(`No weight: ${primary.name} is the same in every trial.`);
  const arms = armsThatEnd(comparison);
  const leftOut = leftOutInWords(all.filter((arm) => !arms.includes(arm)));
  const chosen = arms.length === 0 ? { arm: baseline, interval: NO_OTHER } : chosenArm(comparison, arms);
  if (!chosen) return none(`No weight: ${primary.name} was not measured on validation rows, which choose.`);
  const { arm, interval } = chosen;
  if (!interval) return none(`No weight: one seed shows nothing of chance.`);
  const recommended = ({ weight, settings, promptShare }: Arm, gain: number): Recommendation => ({
    ...{ promptLossWeight: weight, interval, settings, promptShare, gain },
  });
  const family = weightFamily(
    comparison,
    primary.name,
    arms.map((own) => [own]),
    baseline,
  );
  const sign = signOf(primary);
  const margin = marginAt(comparison, primary);
  if (arm === baseline) {
    const inGoodDirection = family.estimates.map((own) => ({ ...own, effect: sign * own.effect }));
    if (inGoodDirection.every((own) => margin !== null && boundP(own, margin) <= ALPHA)) {
      const words = `Weight 0: no other was better by ${formatSize(margin ?? 0)} ${primary.name} or more.${leftOut}`;
      return { recommended: recommended(baseline, 0), recommendation: words };
    }
    const enough = inGoodDirection.map((own) => seedsForBound(own, margin, ALPHA));
    const most = enough.includes(null) ? null : Math.max(...(enough as number[]));
    const seeds = Math.min(...family.estimates.map((own) => own.seeds));
    const open = openInWords({ seeds, moreSeeds: moreSeeds({ seeds }, [most]) });
    return none(
      `No weight: 0 was chosen on validation rows; whether another is better by the margin, ${open}.${leftOut}`,
    );
  }
  const at = arms.indexOf(arm);
  const estimate = family.estimates[at]!;
  const gain = sign * estimate.effect;
  const words = `${primary.name} ${effectInWords({ effect: estimate.effect, interval: family.intervals[at]! })}`;
  if (margin !== null && boundP({ ...estimate, effect: gain }, margin) <= ALPHA) {
    const little = `Weight 0: ${arm.weight} was best on validation rows, by less than ${formatSize(margin)} (${words}).${leftOut}`;
    return { recommended: recommended(baseline, 0), recommendation: little };
  }
  if (gain > 0 && family.corrected[at]! <= ALPHA) {
    const better = `Weight ${arm.weight}: ${words} from weight 0.${leftOut}`;
    return { recommended: recommended(arm, gain), recommendation: better };
  }
  const open = {
    seeds: estimate.seeds,
    moreSeeds: moreSeeds(estimate, [seedsForDifference(estimate, correctedTest(arms.length))]),
  };
  return none(
    `No weight: ${arm.weight} was best on validation rows, but on test rows that is not shown (${words}); ${openInWords(open)}.${leftOut}`,
  );
}

const NO_OTHER: Interval = [0, 0];

const leftOutInWords = (arms: readonly Arm[]): string =>
  arms.length === 0
    ? ''
    : ` Left out, because fewer answers end there: ${arms.map(({ weight }) => weight).join(', ')}.`;

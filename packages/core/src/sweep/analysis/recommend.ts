import type { Recommendation, SweepAnalysis } from './analysis.ts';
import { chosenArm } from './choose.ts';
import { armsAboveZero, type Comparison, isConstant, marginAt, weightFamily } from './comparison.ts';
import { ALPHA, jointTest } from './differences.ts';
import { signOf } from './outcomes.ts';
import { boundP, moreSeeds, seedsForDifference, seedsForEquivalence } from './power.ts';
import { effectInWords, formatSize, openInWords } from './words.ts';

/**
 * A weight to use: chosen on validation rows, and shown on test rows. A weight above 0 has to be better than 0 there, by
 * the joint test of all weights; weight 0 has to be as good as every other one, but for the margin. Otherwise there is none.
 */
export function recommend(comparison: Comparison): Pick<SweepAnalysis, 'recommended' | 'recommendation'> {
  const { baseline, primary } = comparison;
  const none = (recommendation: string) => ({ recommended: null, recommendation });
  const arms = armsAboveZero(comparison);
  if (!baseline || arms.length === 0) return none('No weight: there is nothing to compare weight 0 with.');
  if (!primary) return none('No weight: nothing was measured that has a good end.');
  if (isConstant(comparison, primary.name)) return none(`No weight: ${primary.name} is the same in every trial.`);
  const chosen = chosenArm(comparison);
  if (!chosen) return none(`No weight: ${primary.name} was not measured on validation rows, which choose.`);
  const { arm, interval } = chosen;
  if (!interval) return none(`No weight: one seed shows nothing of chance.`);
  const recommended = (gain: number): Recommendation => ({
    promptLossWeight: arm.weight,
    interval,
    settings: arm.settings,
    promptShare: arm.promptShare,
    gain,
  });
  const family = weightFamily(
    comparison,
    primary.name,
    arms.map((own) => [own]),
    baseline,
  );
  const sign = signOf(primary);
  if (arm === baseline) {
    const margin = marginAt(comparison, primary);
    const isBounded = (estimate: (typeof family.estimates)[number]) =>
      margin !== null && boundP({ ...estimate, effect: sign * estimate.effect }, margin) <= ALPHA;
    if (family.estimates.every(isBounded)) {
      const words = `Weight 0: no other was better by ${formatSize(margin ?? 0)} ${primary.name} or more.`;
      return { recommended: recommended(0), recommendation: words };
    }
    const enough = family.estimates.map((own) => seedsForEquivalence(own, margin, ALPHA));
    const most = enough.includes(null) ? null : Math.max(...(enough as number[]));
    const seeds = Math.min(...family.estimates.map((own) => own.seeds));
    const open = openInWords({ seeds, moreSeeds: moreSeeds({ seeds }, [most]) });
    return none(`No weight: 0 was chosen on validation rows; whether another is better by the margin, ${open}.`);
  }
  const at = arms.indexOf(arm);
  const estimate = family.estimates[at]!;
  const gain = sign * estimate.effect;
  const words = `${primary.name} ${effectInWords({ effect: estimate.effect, interval: family.intervals[at]! })}`;
  if (gain > 0 && family.joint[at]! <= ALPHA) {
    return { recommended: recommended(gain), recommendation: `Weight ${arm.weight}: ${words} from weight 0.` };
  }
  const open = {
    seeds: estimate.seeds,
    moreSeeds: moreSeeds(estimate, [seedsForDifference(estimate, jointTest(arms.length))]),
  };
  return none(
    `No weight: ${arm.weight} was best on validation rows, but on test rows that is not shown (${words}); ${openInWords(open)}.`,
  );
}

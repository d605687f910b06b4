import type { Interval } from '../../recipe/resample.ts';
import type { SweepAnalysis } from './analysis.ts';
import type { Arm } from './arms.ts';
import { armsThatEnd, chosenArm } from './choose.ts';
import { armsAboveZero, type Comparison, isConstant, marginAt, weightFamily } from './comparison.ts';
import { ALPHA, correctedTest } from './differences.ts';
import { type Outcome, signOf } from './outcomes.ts';
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
  const candidates: Candidates = {
    arms,
    primary,
    family: weightFamily(
      comparison,
      primary.name,
      arms.map((own) => [own]),
      baseline,
    ),
    margin: marginAt(comparison, primary),
  };
  const { weight, gain, words } = arm === baseline ? judgeZero(candidates) : judgeAboveZero(candidates, arm);
  if (weight === null) return none(`No weight: ${words}.${leftOut}`);
  const { settings, promptShare } = weight === 0 ? baseline : arm;
  return {
    recommended: { promptLossWeight: weight, interval, settings, promptShare, gain },
    recommendation: `Weight ${weight}: ${words}.${leftOut}`,
  };
}

/** Weights above 0 whose answers end as often as at 0, beside weight 0 on test rows. */
interface Candidates {
  readonly arms: readonly Arm[];
  readonly primary: Outcome;
  readonly family: ReturnType<typeof weightFamily>;
  readonly margin: number | null;
}

/** What is shown on test rows: no weight, or one and what is gained by it, in the primary outcome's good direction. */
interface Judgement {
  readonly weight: number | null;
  readonly gain: number;
  readonly words: string;
}

/** Of weight 0, chosen on validation rows. */
function judgeZero({ primary, family, margin }: Candidates): Judgement {
  const inGoodDirection = family.estimates.map((own) => ({ ...own, effect: signOf(primary) * own.effect }));
  if (inGoodDirection.every((own) => margin !== null && boundP(own, margin) <= ALPHA)) {
    return { weight: 0, gain: 0, words: `no other was better by ${formatSize(margin ?? 0)} ${primary.name} or more` };
  }
  const enough = inGoodDirection.map((own) => seedsForBound(own, margin, ALPHA));
  const most = enough.includes(null) ? null : Math.max(...(enough as number[]));
  const seeds = Math.min(...family.estimates.map((own) => own.seeds));
  const open = openInWords({ seeds, moreSeeds: moreSeeds({ seeds }, [most]) });
  const words = `0 was chosen on validation rows; whether another is better by the margin, ${open}`;
  return { weight: null, gain: 0, words };
}

/** Of a weight above 0, chosen on validation rows. */
function judgeAboveZero({ arms, primary, family, margin }: Candidates, arm: Arm): Judgement {
  const at = arms.indexOf(arm);
  const estimate = family.estimates[at]!;
  const gain = signOf(primary) * estimate.effect;
  const effect = `${primary.name} ${effectInWords({ effect: estimate.effect, interval: family.intervals[at]! })}`;
  if (margin !== null && boundP({ ...estimate, effect: gain }, margin) <= ALPHA) {
    const words = `${arm.weight} was best on validation rows, by less than ${formatSize(margin)} (${effect})`;
    return { weight: 0, gain: 0, words };
  }
  if (gain > 0 && family.corrected[at]! <= ALPHA) {
    return { weight: arm.weight, gain, words: `${effect} from weight 0` };
  }
  const enough = seedsForDifference(estimate, correctedTest(arms.length));
  const open = openInWords({ seeds: estimate.seeds, moreSeeds: moreSeeds(estimate, [enough]) });
  const words = `${arm.weight} was best on validation rows, but on test rows that is not shown (${effect}); ${open}`;
  return { weight: null, gain: 0, words };
}

const NO_OTHER: Interval = [0, 0];

const leftOutInWords = (arms: readonly Arm[]): string =>
  arms.length === 0
    ? ''
    : ` Left out, because fewer answers end there: ${arms.map(({ weight }) => weight).join(', ')}.`;

import type { ClaimVerdict, Difference } from './analysis.ts';
import type { Arm } from './arms.ts';
import { bestArm } from './choose.ts';
import { claimVerdict, notMeasured, SHORT_BELOW } from './claim.ts';
import { armsAboveZero, type Comparison, isConstant, marginAt, weightFamily } from './comparison.ts';
import { ALPHA, correctedTest, differencesOf, type Family, known } from './differences.ts';
import { signOf } from './outcomes.ts';
import { boundP, equivalenceP, moreSeeds, seedsForDifference, seedsForEquivalence } from './power.ts';
import { effectInWords, formatP, formatSize, openInWords } from './words.ts';

/**
 * (b) There is an optimum between the ends. The weight between them that is best on validation rows is compared with
 * both ends on test rows, corrected for the number of weights between; its advantage over the better end is the effect.
 */
export function claimOfOptimum(comparison: Comparison): ClaimVerdict {
  const { primary, baseline, generationRatio } = comparison;
  const arms = armsAboveZero(comparison);
  const [top, between] = [arms.at(-1), arms.slice(0, -1)];
  if (!primary || !baseline || !top || between.length === 0) {
    return notMeasured('b', 'There are no three weights to compare: 0, a higher one, and one between.');
  }
  const { name } = primary;
  if (isConstant(comparison, name)) return notMeasured('b', `${name} is the same in every trial: it tells nothing.`);
  const ends = [baseline, top].map((end) => ({
    end,
    family: weightFamily(
      comparison,
      name,
      between.map((arm) => [arm]),
      end,
    ),
  }));
  const best = Math.max(0, between.indexOf(bestArm(comparison, between) ?? between[0]!));
  const judged = judge({ comparison, ends, best, margin: marginAt(comparison, primary) });
  const isLong = generationRatio !== undefined && generationRatio >= SHORT_BELOW;
  return claimVerdict('b', judged, {
    holds: isLong ? null : judged.holds,
    sentence: sentenceOf(judged, `${name} at weight ${between[best]!.weight}`),
    evidence: isLong
      ? [`Completions are ${formatSize(generationRatio)} times as long as prompts here: the claim is of short ones.`]
      : [],
  });
}

/** Either end will do to show that there is no gain, so each is tested at half of it. */
const ALPHA_OF_END = ALPHA / 2;

interface Judging {
  readonly comparison: Comparison;
  readonly ends: readonly { readonly end: Arm; readonly family: Family }[];
  /** Number of the weight between that is compared. */
  readonly best: number;
  readonly margin: number | null;
}

interface Judged extends Difference {
  readonly holds: boolean | null;
  readonly end: number;
  readonly margin: number | null;
}

function judge({ comparison, ends, best, margin }: Judging): Judged {
  const sign = signOf(comparison.primary!);
  const advantages = ends.map(({ family }) => sign * family.estimates[best]!.effect);
  // The end that is nearer, or better: what the weight between has to beat.
  const limiting = advantages[1]! < advantages[0]! ? 1 : 0;
  const { end, family } = ends[limiting]!;
  const estimate = family.estimates[best]!;
  const shown = ends.map(({ family: own }) => own.corrected[best]! <= ALPHA);
  const isBetter = shown.every(Boolean) && advantages.every((advantage) => advantage > 0);
  const isWorse = shown[limiting]! && advantages[limiting]! < 0;
  const isEquivalent = margin !== null && equivalenceP(estimate, margin) <= ALPHA_OF_END;
  const isNoGain = margin !== null && ends[0]!.family.estimates.every((_, i) => isBounded(ends, i, { sign, margin }));
  const test = correctedTest(family.estimates.length);
  const enough = [seedsForDifference(estimate, test), seedsForEquivalence(estimate, margin, ALPHA_OF_END)];
  const difference = differencesOf(family, { margin, constant: false })[best]!;
  const decided = decide({ isBetter, isWorse, isEquivalent, isNoGain });
  return {
    ...difference,
    pValue: known(Math.max(...ends.map(({ family: own }) => own.corrected[best]!))),
    ...decided,
    moreSeeds: decided.verdict === 'inconclusive' ? moreSeeds(estimate, enough) : null,
    end: end.weight,
    margin,
  };
}

/** A weight is shown not to be better than both ends by the margin: it is not better than one of them. */
function isBounded(ends: Judging['ends'], weight: number, { sign, margin }: { sign: 1 | -1; margin: number }): boolean {
  return ends.some(({ family }) => {
    const estimate = family.estimates[weight]!;
    return boundP({ ...estimate, effect: sign * estimate.effect }, margin) <= ALPHA_OF_END;
  });
}

type Found = Record<'isBetter' | 'isWorse' | 'isEquivalent' | 'isNoGain', boolean>;

function decide(found: Found): Pick<Judged, 'verdict' | 'holds'> {
  if (found.isEquivalent) return { verdict: 'equivalent', holds: false };
  if (found.isBetter) return { verdict: 'different', holds: true };
  if (found.isWorse) return { verdict: 'different', holds: false };
  if (found.isNoGain) return { verdict: 'equivalent', holds: false };
  return { verdict: 'inconclusive', holds: null };
}

function sentenceOf(judged: Judged, what: string): string {
  const most = `${what}, the best between: ${effectInWords(judged)} from weight ${judged.end}, the better end`;
  if (judged.verdict === 'different') {
    return judged.holds
      ? `Different: ${most}, and better than the other end too (${formatP(judged.pValue ?? 1)}).`
      : `Different, the other way: ${most}.`;
  }
  if (judged.verdict === 'equivalent') {
    return `Equivalent: no weight between is better than both ends by ${formatSize(judged.margin ?? 0)}; ${most}.`;
  }
  return `Inconclusive: ${most}; ${openInWords(judged)}.`;
}

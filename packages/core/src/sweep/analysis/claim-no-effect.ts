import type { ClaimVerdict, Difference } from './analysis.ts';
import { claimVerdict, notMeasured, SHORT_BELOW } from './claim.ts';
import { armsAboveZero, type Comparison, isConstant, marginAt, weightFamily } from './comparison.ts';
import { ALPHA, correctedTest, differencesOf, type Family, known } from './differences.ts';
import { seedsForDifference, seedsForEquivalence } from './power.ts';
import { effectInWords, formatP, formatSize, openInWords } from './words.ts';

/**
 * (a) The weight does not matter. Refuted where any weight differs from 0, corrected for the number of weights; shown where
 * every weight is equivalent to 0, each at 5 %, since all of them have to be.
 */
export function claimOfNoEffect(comparison: Comparison): ClaimVerdict {
  const { primary, baseline, generationRatio } = comparison;
  const arms = armsAboveZero(comparison);
  if (!primary || !baseline || arms.length === 0) return notMeasured('a', 'There are no two weights to compare.');
  const { name } = primary;
  if (isConstant(comparison, name)) return notMeasured('a', `${name} is the same in every trial: it tells nothing.`);
  const margin = marginAt(comparison, primary);
  const family = weightFamily(
    comparison,
    name,
    arms.map((arm) => [arm]),
    baseline,
  );
  const differences = differencesOf(family, { margin, constant: false });
  const strongest = strongestOf(family);
  const isEquivalent = differences.every(({ verdict }) => verdict === 'equivalent');
  const isDifferent = family.corrected.some((p) => p <= ALPHA);
  const verdict = isEquivalent ? 'equivalent' : isDifferent ? 'different' : 'inconclusive';
  const judged = {
    ...differences[strongest]!,
    pValue: known(family.corrected[strongest]!),
    verdict,
    moreSeeds: verdict === 'inconclusive' ? moreSeedsOf(family, margin) : null,
  } as const;
  const isShort = generationRatio !== undefined && generationRatio < SHORT_BELOW;
  return claimVerdict('a', judged, {
    holds: isShort || verdict === 'inconclusive' ? null : verdict === 'equivalent',
    sentence: sentenceOf(judged, `${name} at weight ${arms[strongest]!.weight}`, margin),
    evidence: isShort
      ? [`Completions are ${formatSize(generationRatio)} times as long as prompts here: the claim is of longer ones.`]
      : [],
  });
}

/** The contrast that is least like chance; the largest of those that are alike. */
function strongestOf({ corrected, estimates }: Family): number {
  const size = (i: number) => Math.abs(estimates[i]!.effect) || 0;
  const order = [...corrected.keys()].sort((a, b) => corrected[a]! - corrected[b]! || size(b) - size(a));
  return order[0] ?? 0;
}

/** Either one difference is found, or every equivalence. */
function moreSeedsOf({ estimates }: Family, margin: number | null): number | null {
  const has = Math.max(0, ...estimates.map(({ seeds }) => seeds));
  const test = correctedTest(estimates.length);
  const differences = estimates.map((estimate) => seedsForDifference(estimate, test));
  const equivalences = estimates.map((estimate) => seedsForEquivalence(estimate, margin, ALPHA));
  const every = equivalences.includes(null) ? Number.POSITIVE_INFINITY : Math.max(...(equivalences as number[]));
  const fewest = Math.min(every, ...differences.filter((count) => count !== null));
  return Number.isFinite(fewest) ? Math.max(1, fewest - has) : null;
}

function sentenceOf(judged: Difference, what: string, margin: number | null): string {
  const most = `${what}: ${effectInWords(judged)} from weight 0`;
  if (judged.verdict === 'equivalent') {
    return `Equivalent: no weight differs from 0 by ${formatSize(margin ?? 0)} or more; the most, ${most}.`;
  }
  if (judged.verdict === 'different') {
    return `Different: ${most}, ${formatP(judged.pValue ?? 1)} for all weights together.`;
  }
  return `Inconclusive: ${most}; ${openInWords(judged)}.`;
}

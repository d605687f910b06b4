import type { ClaimVerdict, Difference } from './analysis.ts';
import type { Arm } from './arms.ts';
import { claimVerdict, HIGH_WEIGHT, notMeasured, SMALL_WEIGHT } from './claim.ts';
import { armMean, armsAboveZero, type Comparison, familyOfContrast, isConstant, marginAt } from './comparison.ts';
import type { Contrast } from './contrast.ts';
import { differencesOf, weightContrast } from './differences.ts';
import { matchedDistances } from './matched-distance.ts';
import type { Outcome } from './outcomes.ts';
import { effectInWords, formatP, formatSize, openInWords, weightsInWords } from './words.ts';

/** (c) Small weights, their mean, against 0: the distance from the pretrained weights, also at equal validation loss. */
export function claimOfNearness(comparison: Comparison): ClaimVerdict {
  const small = armsAboveZero(comparison).filter(({ weight }) => weight <= SMALL_WEIGHT);
  const outcome = firstMeasured(comparison, ['distanceL2', 'distanceL1', 'distanceRelative']);
  const { baseline, seeds } = comparison;
  if (!outcome || !baseline || small.length === 0) {
    return notMeasured(
      'c',
      `There is no weight above 0 and up to ${SMALL_WEIGHT} whose distance was measured, and 0's.`,
    );
  }
  const end = judge(comparison, outcome, weightContrast(outcome.name, seeds, small, baseline));
  const matched = judge(comparison, outcome, matchedContrast(seeds, small, baseline));
  const agrees = matched.seeds === 0 || (matched.verdict === end.verdict && isBelow(matched) === isBelow(end));
  const [what] = [`${outcome.name} at ${weightsInWords(small.map(({ weight }) => weight))}`];
  return claimVerdict('c', end, {
    holds: agrees ? holdsOf(end) : null,
    sentence: sentenceOf(end, what, marginAt(comparison, outcome)),
    evidence: [
      matched.seeds === 0
        ? 'At equal validation loss nothing is known: there are no evaluations before and after the same loss.'
        : `At equal validation loss: ${effectInWords(matched)}, ${matched.verdict}${openOf(matched)}.`,
      ...looksAt(comparison, small, ['klBase', 'neutralLoss']),
    ],
  });
}

/** (d) High weights, their mean, against 0: the gap between held-out and training loss. */
export function claimOfOverfitting(comparison: Comparison): ClaimVerdict {
  const high = armsAboveZero(comparison).filter(({ weight }) => weight >= HIGH_WEIGHT);
  const outcome = firstMeasured(comparison, ['gap', 'overlap']);
  const { baseline, seeds } = comparison;
  if (!outcome || !baseline || high.length === 0) {
    return notMeasured('d', `There is no weight of ${HIGH_WEIGHT} or more whose gap was measured, and 0's.`);
  }
  const judged = judge(comparison, outcome, weightContrast(outcome.name, seeds, high, baseline));
  const isLessLearnt = isWorse(comparison, 'completionLoss', high);
  return claimVerdict('d', judged, {
    holds: isLessLearnt && isBelow(judged) ? null : holdsOf(judged),
    sentence: sentenceOf(
      judged,
      `${outcome.name} at ${weightsInWords(high.map(({ weight }) => weight))}`,
      marginAt(comparison, outcome),
    ),
    evidence: [
      ...looksAt(
        comparison,
        high,
        ['overlap', 'completionLoss'].filter((name) => name !== outcome.name),
      ),
      ...(isLessLearnt
        ? ['Held-out answers were learnt less: what is not learnt cannot be learnt by heart either.']
        : []),
    ],
  });
}

function isWorse(comparison: Comparison, loss: string, arms: readonly Arm[]): boolean {
  const { baseline, seeds } = comparison;
  const outcome = firstMeasured(comparison, [loss]);
  if (!outcome || !baseline) return false;
  const { verdict, effect } = judge(comparison, outcome, weightContrast(loss, seeds, arms, baseline));
  return verdict === 'different' && (effect ?? 0) > 0;
}

function firstMeasured(comparison: Comparison, names: readonly string[]): Outcome | undefined {
  const { baseline, outcomes } = comparison;
  return names
    .filter((name) => baseline && Number.isFinite(armMean(baseline, name)))
    .map((name) => outcomes.find((outcome) => outcome.name === name))
    .find((outcome) => outcome !== undefined);
}

function judge(comparison: Comparison, outcome: Outcome, contrast: Contrast): Difference {
  const judging = { margin: marginAt(comparison, outcome), constant: isConstant(comparison, outcome.name) };
  return differencesOf(familyOfContrast(comparison, contrast), judging)[0]!;
}

function matchedContrast(seeds: readonly number[], plus: readonly Arm[], minus: Arm): Contrast {
  const values = Float64Array.from(seeds, (seed) => {
    const differences = plus.map((arm) => {
      const [own, baseline] = matchedDistances(arm.trials.get(seed)?.path, minus.trials.get(seed)?.path) ?? [];
      return (own ?? Number.NaN) - (baseline ?? Number.NaN);
    });
    return differences.reduce((sum, value) => sum + value, 0) / differences.length;
  });
  return { values };
}

const isBelow = ({ effect }: Pick<Difference, 'effect'>): boolean => effect !== null && effect < 0;

/** Both claims say that something gets smaller. */
function holdsOf(judged: Difference): boolean | null {
  if (judged.verdict === 'inconclusive') return null;
  return judged.verdict === 'different' && isBelow(judged);
}

function sentenceOf(judged: Difference, what: string, margin: number | null): string {
  const most = `${what}: ${effectInWords(judged)} from weight 0`;
  if (judged.verdict === 'different') return `Different: ${most}, ${formatP(judged.pValue ?? 1)}.`;
  if (judged.verdict === 'equivalent') return `Equivalent within ${formatSize(margin ?? 0)}: ${most}.`;
  return `Inconclusive: ${most}; ${openInWords(judged)}.`;
}

/** What else was measured of the same weights. */
function looksAt(comparison: Comparison, arms: readonly Arm[], names: readonly string[]): string[] {
  const { baseline, seeds } = comparison;
  return names.flatMap((name) => {
    const outcome = firstMeasured(comparison, [name]);
    if (!outcome || !baseline) return [];
    const judged = judge(comparison, outcome, weightContrast(name, seeds, arms, baseline));
    return judged.seeds === 0 ? [] : [`${name}: ${effectInWords(judged)}, ${judged.verdict}${openOf(judged)}.`];
  });
}

const openOf = (judged: Difference): string => (judged.verdict === 'inconclusive' ? ` (${openInWords(judged)})` : '');

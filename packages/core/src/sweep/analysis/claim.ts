import type { ClaimVerdict, Difference } from './analysis.ts';

/** The claims of the article that the project starts from, and of the study behind it (arXiv 2401.13586). */
const STATEMENTS: Readonly<Record<ClaimVerdict['claim'], string>> = {
  a: 'The prompt’s weight does not matter where completions are medium or long',
  b: 'With short completions there is an optimum between 0 and 1',
  c: 'A small weight above 0 keeps the model nearer to its pretrained weights',
  d: 'A high weight reduces overfitting',
};

/** Weights that the claims call small (above 0), and high. */
export const SMALL_WEIGHT = 0.1;
export const HIGH_WEIGHT = 0.3;

/** Completions that are less than half as long as their prompts (R_g) are short; from there on they are medium or long. */
export const SHORT_BELOW = 0.5;

type Judged = Pick<Difference, 'verdict' | 'effect' | 'interval' | 'pValue' | 'moreSeeds'>;

export function claimVerdict(
  claim: ClaimVerdict['claim'],
  { verdict, effect, interval, pValue, moreSeeds }: Judged,
  words: Pick<ClaimVerdict, 'holds' | 'sentence'> & Partial<Pick<ClaimVerdict, 'evidence'>>,
): ClaimVerdict {
  const { holds, sentence, evidence = [] } = words;
  const judged = { verdict, effect, interval, pValue, moreSeeds };
  return { claim, statement: STATEMENTS[claim], ...judged, holds, sentence, evidence };
}

/** A claim on which nothing was measured. */
export function notMeasured(claim: ClaimVerdict['claim'], why: string): ClaimVerdict {
  const nothing = { verdict: 'inconclusive', effect: null, interval: null, pValue: null, moreSeeds: null } as const;
  return claimVerdict(claim, nothing, { holds: null, sentence: why });
}

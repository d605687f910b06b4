import { caseAndPunctuation } from './case-and-punctuation.ts';
import { otherOrder } from './other-order.ts';
import { otherPhrasing } from './other-phrasing.ts';
import type { Perturbation } from './perturbation.ts';
import { typingError } from './typing-error.ts';

export type { Perturbation, Perturbed } from './perturbation.ts';

/** The ways in which the same is asked otherwise, by name. */
export const perturbations = {
  phrasing: otherPhrasing,
  case: caseAndPunctuation,
  typing: typingError,
  order: otherOrder,
} as const satisfies Readonly<Record<string, Perturbation>>;

export type PerturbationName = keyof typeof perturbations;
export const perturbationNames = Object.keys(perturbations) as PerturbationName[];

import type { OutcomeAnalysis } from './analysis.ts';
import type { Arm } from './arms.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import type { Contrast } from './contrast.ts';
import { type Family, familyOf, measuredBy, weightContrast } from './differences.ts';
import { marginOf, type Outcome } from './outcomes.ts';

/** The trials of a sweep in the shape in which they are compared. */
export interface Comparison {
  readonly arms: readonly Arm[];
  /** The arm of weight 0; absent where every trial of it is missing. */
  readonly baseline: Arm | undefined;
  readonly seeds: readonly number[];
  readonly outcomes: readonly Outcome[];
  /** By which weights are chosen. */
  readonly primary: Outcome | undefined;
  /** Completion tokens / prompt tokens, where it is known. */
  readonly generationRatio: number | undefined;
  readonly bootstrap: BootstrapOptions;
}

/** All weights but 0. */
export const armsAboveZero = ({ arms }: Comparison): Arm[] => arms.filter(({ weight }) => weight !== 0);

/** The mean over an arm's seeds; NaN where none has measured it. */
export function armMean({ trials }: Arm, outcome: string): number {
  const values = [...trials.values()].map((trial) => measuredBy(trial, outcome)).filter(Number.isFinite);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function marginAt({ baseline }: Comparison, outcome: Outcome): OutcomeAnalysis['margin'] {
  return baseline ? marginOf(outcome, armMean(baseline, outcome.name)) : null;
}

/** No trial differs from any other. */
export function isConstant({ arms }: Comparison, outcome: string): boolean {
  const values = arms
    .flatMap(({ trials }) => [...trials.values()].map((trial) => measuredBy(trial, outcome)))
    .filter(Number.isFinite);
  return values.every((value) => value === values[0]);
}

/** Contrasts of an outcome that are asked together: of each group of weights the mean, less another weight. */
export function weightFamily(
  { seeds, bootstrap }: Comparison,
  outcome: string,
  groups: readonly (readonly Arm[])[],
  minus: Arm,
): Family {
  return familyOf(
    groups.map((plus) => weightContrast(outcome, seeds, plus, minus)),
    bootstrap,
  );
}

export const familyOfContrast = ({ bootstrap }: Comparison, contrast: Contrast): Family =>
  familyOf([contrast], bootstrap);

import { UserError } from '../errors.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { nearestOf } from '../nearest.ts';
import type { Metric } from '../recipe/recipe.ts';
import type { TrainingOptions } from './options.ts';

/**
 * What evaluations decide of a run: which of them is the best, when the learning rate is lowered and when there is an end
 * to it. One small state that each evaluation is observed into, and that a checkpoint carries as it is, so that a
 * resumed run decides as the uninterrupted one.
 */
export interface Control {
  /** The best evaluation so far. */
  readonly best: { readonly step: number; readonly value: number } | null;
  /** What an evaluation must be better than, by `minDelta`, to count as an improvement. */
  readonly reference: number | null;
  /** Evaluations since the last improvement. */
  readonly withoutImprovement: number;
  /** Those of them since the learning rate was lowered last. */
  readonly onPlateau: number;
  /** What the schedule's learning rate is multiplied by. */
  readonly rateFactor: number;
  /** The step of the newest evaluation that was observed: one that was due there is not to be made again. */
  readonly observedStep: number;
}

export const INITIAL_CONTROL: Control = {
  best: null,
  reference: null,
  withoutImprovement: 0,
  onPlateau: 0,
  rateFactor: 1,
  observedStep: 0,
};

/** The number of an evaluation that is compared, and whether a higher one is better. */
export interface Selection {
  readonly metric: string;
  readonly direction: Metric<never>['direction'];
}

export interface Observation {
  readonly control: Control;
  /** Better than every one before. */
  readonly isBest: boolean;
  /** The learning rate falls from here on. */
  readonly lowered: boolean;
}

type ControlOptions = Pick<TrainingOptions, 'minDelta' | 'plateauPatience' | 'plateauFactor'>;

/**
 * What follows from an evaluation, of which `value` is the number that is compared; null where there was nothing to
 * measure or it was not finite, which is no improvement.
 */
export function observe(
  before: Control,
  { step, value }: { readonly step: number; readonly value: number | null },
  { direction, ...options }: ControlOptions & Pick<Selection, 'direction'>,
): Observation {
  const sign = direction === 'higher-is-better' ? 1 : -1;
  const gainOver = (other: number | null): number =>
    value === null ? Number.NEGATIVE_INFINITY : other === null ? Number.POSITIVE_INFINITY : sign * (value - other);
  const isBest = gainOver(before.best?.value ?? null) > 0;
  const improved = gainOver(before.reference) > options.minDelta;
  const withoutImprovement = improved ? 0 : before.withoutImprovement + 1;
  const onPlateau = improved ? 0 : before.onPlateau + 1;
  const lowered = options.plateauPatience !== undefined && onPlateau >= options.plateauPatience;
  return {
    control: {
      best: isBest ? { step, value: value as number } : before.best,
      reference: improved ? value : before.reference,
      withoutImprovement,
      onPlateau: lowered ? 0 : onPlateau,
      rateFactor: lowered ? before.rateFactor * options.plateauFactor : before.rateFactor,
      observedStep: step,
    },
    isBest,
    lowered,
  };
}

/** Whether there was no improvement for as long as patience lasts: the run is at its end. */
export const endsEarly = (
  { withoutImprovement }: Control,
  { earlyStoppingPatience }: Pick<TrainingOptions, 'earlyStoppingPatience'>,
): boolean => earlyStoppingPatience !== undefined && withoutImprovement >= earlyStoppingPatience;

const LOSSES = ['completionLoss', 'promptLoss', 'loss', 'perplexity'] as const;

/** The compared number of an evaluation; null where it has none. */
export function selectedValue({ metric }: Selection, evaluation: Evaluation): number | null {
  const losses: Readonly<Record<string, number | null>> = Object.fromEntries(
    LOSSES.map((name) => [name, evaluation[name]]),
  );
  const value = evaluation.metrics[metric] ?? losses[metric] ?? null;
  return value !== null && Number.isFinite(value) ? value : null;
}

/**
 * What evaluations are compared by. @throws {UserError} `option-invalid` for a metric that there is not, and for options
 * that ask for evaluations in a run that has no rows to evaluate on
 */
export function selectionOf(
  { bestMetric, ...options }: TrainingOptions,
  all: readonly Metric<never>[],
  evaluates: boolean,
): Selection {
  const metrics = options.evaluateLossesOnly ? [] : all;
  const asking = (['earlyStoppingPatience', 'plateauPatience'] as const).find((name) => options[name] !== undefined);
  const wanting = asking ?? (options.keep === 'best' ? 'keep' : undefined);
  if (wanting !== undefined && !evaluates) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'It takes evaluations to tell what is best, and there are no rows to evaluate on.',
      where: `option ${wanting}`,
      fix: 'Give rows with --eval-data, or a share of them with --eval-split.',
    });
  }
  const own = metrics.find(({ name }) => name === bestMetric);
  if (own) return { metric: bestMetric, direction: own.direction };
  if ((LOSSES as readonly string[]).includes(bestMetric)) return { metric: bestMetric, direction: 'lower-is-better' };
  const isLeftOut = all.some(({ name }) => name === bestMetric);
  const known = [...metrics.map(({ name }) => name), ...LOSSES];
  const nearest = nearestOf(bestMetric, known);
  throw new UserError({
    code: 'option-invalid',
    problem: isLeftOut
      ? `Evaluations that measure losses only have no "${bestMetric}".`
      : `An evaluation has no "${bestMetric}".`,
    where: 'option bestMetric',
    fix: isLeftOut
      ? `Leave --evaluate-losses-only out, or choose one of ${LOSSES.join(', ')}.`
      : `${nearest === undefined ? '' : `Did you mean "${nearest}"? `}Choose one of ${known.join(', ')}.`,
  });
}

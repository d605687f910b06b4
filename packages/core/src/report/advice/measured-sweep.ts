import type { OutcomeAnalysis, SweepAnalysis, Verdict } from '../../sweep/analysis/analysis.ts';
import type { TrainingOptions } from '../../training/options.ts';
import measured from './measured-sweeps.json' with { type: 'json' };

/** What a sweep of ours came to, as far as advice goes by it. `experiments/prompt-weight` has all of it. */
export interface MeasuredSweep extends SweepConditions {
  /** Of `experiments/prompt-weight/results`. */
  readonly name: string;
  /** What the weights were compared by. */
  readonly outcome: string;
  /** The smallest difference from weight 0 that would have been found with 80 % power. */
  readonly detectable: number | null;
  /** The weight that was chosen on validation rows and shown on test rows; null where none was. */
  readonly recommended: number | null;
  readonly weights: readonly MeasuredWeight[];
}

/** A weight above 0 beside 0. */
export interface MeasuredWeight {
  readonly weight: number;
  /** What was shown of the outcome. */
  readonly verdict: Verdict;
  /** Whether its mean was the better one, and how far it lay away. */
  readonly isBetter: boolean;
  readonly size: number;
  /**
   * How much lower `klBase` was, the divergence from the model before on text it was not trained on: a share of that at
   * weight 0, e.g. 0.47. Null where the interval of the difference does not say that it was lower.
   */
  readonly kept: number | null;
}

/** What was trained, and how. */
export interface SweepConditions {
  readonly model: string;
  /** R_g of its rows. */
  readonly generationRatio: number;
  readonly seeds: number;
  readonly lossNormalization: TrainingOptions['lossNormalization'];
  /** Whether each weight had a learning rate of its own. */
  readonly isTuned: boolean;
}

/** All that there are: `node experiments/prompt-weight/write-up.ts` makes the file from the committed results. */
export const measuredSweeps = measured as readonly MeasuredSweep[];

/** Three digits that matter. */
const short = (value: number): number => Number(value.toPrecision(3));

/** What advice needs of an analysis. */
export function measuredSweep(
  name: string,
  { outcomes, primary, recommended }: Pick<SweepAnalysis, 'outcomes' | 'primary' | 'recommended'>,
  conditions: SweepConditions,
): MeasuredSweep {
  const { direction, detectable, byWeight } = outcomes.find((one) => one.name === primary) as OutcomeAnalysis;
  const sign = direction === 'lower-is-better' ? -1 : 1;
  const strayed = outcomes.find((one) => one.name === 'klBase')?.byWeight ?? [];
  return {
    name,
    ...conditions,
    generationRatio: short(conditions.generationRatio),
    outcome: primary as string,
    detectable: detectable && short(detectable),
    recommended: recommended?.promptLossWeight ?? null,
    weights: byWeight.flatMap(({ weight, difference }) => {
      if (!difference || difference.effect === null) return [];
      const { verdict, effect } = difference;
      const kept = shareKept(strayed, weight);
      return { weight, verdict, isBetter: sign * effect > 0, size: short(Math.abs(effect)), kept: kept && short(kept) };
    }),
  };
}

function shareKept(strayed: OutcomeAnalysis['byWeight'], weight: number): number | null {
  const difference = strayed.find((own) => own.weight === weight)?.difference;
  const atZero = strayed.find((own) => own.weight === 0)?.mean;
  if (!difference?.interval || difference.effect === null || !atZero) return null;
  return difference.interval[1] < 0 ? -difference.effect / atZero : null;
}

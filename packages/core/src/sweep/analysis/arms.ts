import type { TrialObservation } from './observations.ts';
import { type Outcome, signOf } from './outcomes.ts';

/** A weight and its trials, one a seed, at the values of the other axes that are best for it. */
export interface Arm {
  readonly weight: number;
  readonly settings: TrialObservation['settings'];
  /** Mean over its trials. */
  readonly promptShare: number;
  readonly trials: ReadonlyMap<number, TrialObservation>;
  /** What else was tried at this weight, and the means on validation rows that decided; the chosen one among them. */
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly settings: TrialObservation['settings'];
  /** Mean over seeds of what was chosen by, on validation rows; null where it was not measured. */
  readonly validation: number | null;
  readonly seeds: number;
}

/**
 * Each weight at its own best values of the other axes, by the mean on validation rows: a weight is only comparable at
 * its own best learning rate. Settings that have under half the seeds of another are not chosen: one lucky seed is no
 * choice.
 * @returns in the order of weights
 */
export function armsOf(trials: readonly TrialObservation[], by: Pick<Outcome, 'name' | 'direction'>): Arm[] {
  const weights = [...new Set(trials.map(({ weight }) => weight))].sort((a, b) => a - b);
  return weights.map((weight) => {
    const ofWeight = trials.filter((trial) => trial.weight === weight);
    const keys = [...new Set(ofWeight.map(({ settings }) => keyOf(settings)))].sort();
    const groups = keys.map((key) => ofWeight.filter(({ settings }) => keyOf(settings) === key));
    const scored = groups.map((own) => ({ own, ...candidateOf(own, by) }));
    const most = Math.max(...scored.map(({ seeds }) => seeds));
    const better = (a: (typeof scored)[number], b: (typeof scored)[number]) =>
      signOf(by) * ((b.validation as number) - (a.validation as number)) > 0 ? b : a;
    const eligible = scored.filter(({ seeds, validation }) => 2 * seeds >= most && validation !== null);
    const chosen = eligible.length > 0 ? eligible.reduce(better) : scored[0]!;
    return {
      weight,
      settings: chosen.settings,
      promptShare: meanOf(chosen.own.map(({ promptShare }) => promptShare)),
      trials: new Map(chosen.own.map((trial) => [trial.seed, trial])),
      candidates: scored.map(({ own: _, ...candidate }) => candidate),
    };
  });
}

function candidateOf(own: readonly TrialObservation[], { name }: Pick<Outcome, 'name'>): Candidate {
  const values = own.map(({ validation }) => validation[name] ?? Number.NaN).filter(Number.isFinite);
  const settings = own[0]?.settings ?? {};
  return { settings, validation: values.length > 0 ? meanOf(values) : null, seeds: values.length };
}

const keyOf = (settings: TrialObservation['settings']): string =>
  JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

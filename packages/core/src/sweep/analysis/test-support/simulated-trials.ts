import { createRandom } from '../../../random.ts';
import type { TrialObservation } from '../observations.ts';

export interface Simulation {
  readonly weights?: readonly number[];
  readonly seeds?: number;
  readonly rows?: number;
  /** Probability of an exact match at each weight. */
  readonly accuracy: readonly number[];
  /** Standard deviation of accuracy between seeds, whatever the weight. */
  readonly betweenSeeds?: number;
  /** The same, of each trial by itself: what the difference from weight 0 varies by. */
  readonly betweenTrials?: number;
  /** Of rows: how much a row likes one weight better than another, with every seed. */
  readonly betweenRows?: number;
}

export const WEIGHTS = [0, 0.01, 0.03, 0.1, 0.3, 1];

/** Trials whose truth is known: exact matches of rows, drawn with the weight's probability. */
export function simulatedTrials(seed: number, simulation: Simulation): TrialObservation[] {
  const { weights = WEIGHTS, seeds = 8, rows = 100, accuracy } = simulation;
  const { betweenSeeds = 0.03, betweenTrials = 0.02, betweenRows = 0 } = simulation;
  const random = createRandom(seed, 9);
  const liking = weights.map(() => Array.from({ length: 2 * rows }, () => betweenRows * random.normal()));
  return Array.from({ length: seeds }, (_, trialSeed) => {
    const ofSeed = betweenSeeds * random.normal();
    return weights.map((weight, i): TrialObservation => {
      const chance = (accuracy[i] ?? 0) + ofSeed + betweenTrials * random.normal();
      const scores = liking[i]!.map((own) => (random.uniform() < chance + own ? 1 : 0));
      const [test, validation] = [scores.slice(0, rows), scores.slice(rows)];
      return {
        trial: `${weight}-${trialSeed}`,
        weight,
        settings: {},
        seed: trialSeed,
        promptShare: weight / (weight + 0.1),
        outcomes: { exactMatch: meanOf(test) },
        validation: { exactMatch: meanOf(validation) },
        rows: { exactMatch: test },
      };
    });
  }).flat();
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const EXACT_MATCH = [{ name: 'exactMatch', direction: 'higher-is-better' }] as const;

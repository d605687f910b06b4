/**
 * What one trial of a sweep says: its point on the axes, its seed, and what came out. Numbers only: analysing them needs
 * neither the model nor the machine it was trained on.
 *
 * Numbers that could not be measured are NaN or absent. All trials of a sweep are measured on the same held-out rows.
 */
export interface TrialObservation {
  /** The hash of what the trial is: the name of its folder. */
  readonly trial: string;
  /** `promptLossWeight`. */
  readonly weight: number;
  /** Values on the other axes, by option: `{ learningRate: 1e-4 }`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  /** The prompt's share of the total loss weight, 0 to 1. */
  readonly promptShare: number;
  /**
   * Measured on the test rows, by name: `completionLoss` and `promptLoss` (nats), the recipe's metrics, `distanceL1`,
   * `distanceL2`, `klBase`, `neutralLoss`, `gap`, `overlap`, `outputLength`, `lossDeviation`, `sensitivity`.
   */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The same on the validation rows: what is chosen is chosen by these. */
  readonly validation: Readonly<Record<string, number>>;
  /** Outcomes of every test row, where they have such: `rows.exactMatch[i]` is of the same row `i` in every trial. */
  readonly rows?: Readonly<Record<string, ArrayLike<number>>>;
  /** Evaluations during the training, in the order of steps. */
  readonly path?: readonly PathPoint[];
}

/** Where a training stood at one of its evaluations. */
export interface PathPoint {
  readonly step: number;
  /** Completion loss on the validation rows, in nats. */
  readonly validationLoss: number;
  /** ‖θ − θ₀‖₂ of all trained weights. */
  readonly distanceL2: number;
}

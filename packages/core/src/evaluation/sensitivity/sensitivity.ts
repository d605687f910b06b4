import type { PerturbationName } from '../../perturbations/perturbations.ts';
import type { Interval } from '../../recipe/resample.ts';

/** How much the answers of a model hang on how it is asked. */
export interface Sensitivity {
  /** Rows that could be asked otherwise in one way at least. */
  readonly rows: number;
  /**
   * Of each row, the share of the ways of asking it again that changed its answer, and their mean over the rows; null
   * where no row could be asked otherwise.
   */
  readonly changedShare: number | null;
  readonly interval: Interval | null;
  /** Only those in which some row could be asked. */
  readonly byPerturbation: Readonly<Partial<Record<PerturbationName, PerturbationEffect>>>;
}

/** What one way of asking otherwise changes. */
export interface PerturbationEffect {
  /** Rows that were asked in it. */
  readonly rows: number;
  /** Rows whose prompt was then too long, and that are left out. */
  readonly tooLong: number;
  /** Share of the rows whose answer is another one, as their recipe compares answers (`normaliseAnswer`). */
  readonly changed: number;
  readonly interval: Interval;
  /** Of the recipe's metrics, on these rows. */
  readonly metrics: Readonly<Record<string, MetricEffect>>;
}

export interface MetricEffect {
  readonly before: number;
  readonly after: number;
  /** after − before; the metric's direction says whether that is a loss. */
  readonly difference: number;
  /** Null where there are too few rows for one. */
  readonly interval: Interval | null;
}

import type { DroppedRow } from '../tokenization/receipt.ts';
import type { MeanLosses } from '../training/loss/loss-sums.ts';
import type { Sensitivity } from './sensitivity/sensitivity.ts';

/** What is measured: losses of the rows, outputs for them, and outputs where the same was asked for otherwise. */
export type EvaluationPart = 'losses' | 'outputs' | 'perturbations';

/** Told after every batch and every output: how much of a part is done. Each part begins at 0. */
export type EvaluationProgress = (done: number, of: number, part: EvaluationPart) => void;

/** The losses and the recipe's metrics of a model on a set of rows: what `evaluate --json` prints. Losses in nats. */
export interface Evaluation extends Pick<MeanLosses, 'promptLoss' | 'completionLoss'> {
  readonly rows: number;
  readonly tokens: number;
  readonly loss: number;
  /** exp(completionLoss) */
  readonly perplexity: number | null;
  /** Of `evaluate`: rows that were left out, where there are some. */
  readonly dropped?: readonly DroppedRow[];
  /** Generated texts; absent where nothing was generated. */
  readonly outputs?: number;
  /**
   * Those of them that were cut at the limit of tokens: a metric sees half an answer. Where most are, the model has not
   * learnt to stop, or the limit is too low.
   */
  readonly cutOutputs?: number;
  /** Without those that found nothing to measure. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Over rows, of the metrics that are means of what outputs score; absent where nothing was generated. */
  readonly standardErrors?: Readonly<Record<string, number>>;
  /** Of `evaluate` with `perturb`: how much the answers hang on how they are asked for. */
  readonly sensitivity?: Sensitivity;
  /** What metrics said that could not be measured, by name; absent where all could. */
  readonly failedMetrics?: Readonly<Record<string, string>>;
}

import type { PerturbationName } from '../../perturbations/perturbations.ts';
import type { PredictionRecord } from '../predictions.ts';
import type { Sensitivity } from './sensitivity.ts';

/** A line of the predictions file: a held-out row that was asked otherwise, and what the model wrote. */
export interface PerturbedRecord extends PredictionRecord {
  readonly perturbation: PerturbationName;
  /** What is other about the prompt, in words. */
  readonly change: string;
  /** Whether the answer is another one than that to the row's own prompt. */
  readonly changed: boolean;
}

export interface MeasuredSensitivity extends Sensitivity {
  /** Of every row that could be asked otherwise, in their order: how often it was, and how often the answer changed. */
  readonly perRow: readonly { readonly row: number; readonly asked: number; readonly changed: number }[];
  /** Every asking, by perturbation and row. */
  readonly askings: readonly PerturbedRecord[];
}

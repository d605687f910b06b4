import type { EvaluationEstimate } from '../evaluation/estimate-seconds.ts';
import type { Evaluation, EvaluationPart } from '../evaluation/evaluation.ts';
import type { DuplicateCounts } from '../rows/duplicates/duplicate-counts.ts';
import type { KeptTensors } from '../tensor/block-types.ts';
import type { DroppedCounts, DroppedRow, Receipt } from '../tokenization/receipt.ts';
import type { Surprises } from './changes.ts';
import type { MemoryEstimate } from './estimate-memory.ts';
import type { MeanLosses } from './loss/loss-sums.ts';
import type { SettledTraining } from './options.ts';

/** What a run reports while it goes on, and what it writes. All losses are in nats. */

/** One line of metrics.jsonl: an optimizer step, with the losses before the step's update. */
export interface StepMetrics extends MeanLosses {
  readonly step: number;
  readonly epoch: number;
  /** Weighted loss, divided as `lossNormalization` says; null where it was not finite. */
  readonly loss: number | null;
  readonly learningRate: number;
  /** Global norm before clipping; null where it was not finite. */
  readonly gradientNorm: number | null;
  /** Of the step's examples: no padding, and what packed rows share counts for every example that begins with it. */
  readonly tokens: number;
  readonly weightSum: number;
  /** Those tokens, so that runs compare by what they have learnt from, however it was computed. */
  readonly tokensPerSecond: number;
  readonly stepSeconds: number;
  readonly residentBytes: number;
  /** Set where a loss, the gradient or a weight would not have been finite, and no update was made (`onNonFinite: 'skip'`). */
  readonly skipped?: true;
}

export type TrainingEvent =
  | {
      readonly type: 'start';
      readonly steps: number;
      readonly examples: number;
      /** R_g: completion tokens divided by prompt tokens. */
      readonly generationRatio: number;
      /** Rows that are no examples, by reason. */
      readonly dropped: DroppedCounts;
      /** Those of them that are invalid, each with what is wrong with it. */
      readonly invalid?: readonly DroppedRow[];
      /** Rows of `evalData` that are not evaluated on. */
      readonly evaluationDropped?: readonly DroppedRow[];
      /** Fields that say something in rows and that nothing reads, by name: in how many rows. */
      readonly unused: Receipt['unused'];
      readonly trainableParameters: number;
      /** Of frozen weights and activations; of the options, or what `auto` became. */
      readonly precision: SettledTraining['precision'];
      readonly memory: MemoryEstimate;
      /** Rows that say what other rows say. */
      readonly duplicates: DuplicateCounts;
      /** What was made of the files that their user should know. */
      readonly notes?: readonly string[];
      /** The tensors that lie in blocks in memory: how they are stored, and what is kept of them. */
      readonly blocks?: readonly KeptTensors[];
    }
  | { readonly type: 'step'; readonly steps: number; readonly metrics: StepMetrics }
  | ({ readonly type: 'evaluation-estimate' } & EvaluationEstimate)
  /** Of the part that is measured just now: each begins at 0. */
  | {
      readonly type: 'evaluation-progress';
      readonly part: EvaluationPart;
      readonly done: number;
      readonly of: number;
    }
  | { readonly type: 'evaluation'; readonly step: number; readonly evaluation: Evaluation }
  /** No evaluation was better for `plateauPatience` of them; `factor` is of the schedule's rate from here on. */
  | { readonly type: 'learning-rate-lowered'; readonly step: number; readonly factor: number }
  /** No evaluation was better for `earlyStoppingPatience` of them: this was the last step. */
  | {
      readonly type: 'early-stop';
      readonly step: number;
      readonly metric: string;
      readonly best: { readonly step: number; readonly value: number } | null;
    }
  /** The run goes on, and what it has trained is or will be saved. */
  | { readonly type: 'evaluation-failed'; readonly step: number; readonly message: string }
  | { readonly type: 'checkpoint'; readonly step: number; readonly folder: string }
  /** A damaged checkpoint was put aside; the run goes on with one before. */
  | { readonly type: 'checkpoint-skipped'; readonly folder: string; readonly message: string }
  /** A log of the run was cut, missing or changed; it was written anew from what the checkpoint holds of it. */
  | { readonly type: 'log-restored'; readonly file: string }
  /** A finished run whose log has not each of its steps once: those lines are gone, the result is not. */
  | { readonly type: 'log-incomplete'; readonly file: string; readonly steps: number }
  /** With `keep: best`: no evaluation gave a number to compare, so the result is the model after the last step. */
  | { readonly type: 'no-best'; readonly metric: string }
  /**
   * Something could not be written. Training goes on without; a result is tried again for `secondsLeft`, null where
   * nothing waits for it.
   */
  | {
      readonly type: 'saving-failed';
      readonly path: string;
      readonly message: string;
      readonly secondsLeft: number | null;
    }
  /** A tracker lost something, or is told nothing more; the run goes on. Told once of each. */
  | { readonly type: 'tracker-failed'; readonly tracker: string; readonly message: string }
  /** After training: parameters that were to be trained and did not move, or frozen ones that did. */
  | ({ readonly type: 'surprises' } & Surprises)
  /** What was trained lies on the disk, as it was after this step. */
  | { readonly type: 'saved'; readonly step: number; readonly folder: string }
  /** The run that was to be resumed has nothing left to train. */
  | { readonly type: 'already-finished'; readonly steps: number };

import type { Evaluation } from '../evaluation/evaluation.ts';
import type { RunDescription } from '../run/describe-run.ts';
import type { TrainingEvent } from '../training/events.ts';

/** The run that a tracker is told of. */
export interface TrackedRun {
  /** The run folder, absolute: a tracker may keep a file in it, to find its own record again when the run is resumed. */
  readonly folder: string;
  /** run.json: everything that decided what the run computes. */
  readonly description: RunDescription;
  /** Steps that were made before: 0 of a new run, of one that is resumed those of its checkpoint. */
  readonly step: number;
}

/** How a run ended. */
export type TrackedEnd =
  | {
      readonly status: 'finished';
      readonly steps: number;
      /** The step after which the model was what is saved. */
      readonly resultStep: number;
      readonly evaluation: Evaluation | null;
    }
  /** A signal ended it, with a checkpoint if it had begun: it may be resumed. */
  | { readonly status: 'stopped'; readonly error: unknown }
  | { readonly status: 'failed'; readonly error: unknown };

/**
 * Something that keeps a record of runs: a file, a server, a chat channel. It is told in this order, one call after the
 * other: `begin` once, every event, `end` once. Training waits for none of it but the end, and for that 30 seconds at most
 * (5 after a signal). What it throws never ends a training: the first error of each tracker is told as the event
 * `tracker-failed`, and one whose `begin` failed is told nothing more.
 * @example
 * ```ts
 * import { fineTune, plain, type Tracker } from '@counterweight/core';
 *
 * const toConsole = (): Tracker => ({
 *   name: 'console',
 *   begin: ({ description, step }) => console.log(description.recipe.name, 'from step', step),
 *   onEvent: (event) => event.type === 'evaluation' && console.log(event.step, event.evaluation.metrics),
 *   end: ({ status }) => console.log(status),
 * });
 * await fineTune({ recipe: plain(), model: 'org/name', data: 'rows.jsonl', output: 'runs/1', trackers: [toConsole()] });
 * ```
 */
export interface Tracker {
  /** As messages name it: `TensorBoard`. */
  readonly name: string;
  begin(run: TrackedRun): unknown;
  onEvent(event: TrainingEvent): unknown;
  end(end: TrackedEnd): unknown;
}
